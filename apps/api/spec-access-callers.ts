import {
  addPerson,
  changePerson,
  endLogin,
  findPerson,
  hashSecret,
  type Person,
  putAccount,
  removeAccount,
  removePerson,
} from '../../libs/catalog/index.js';
import { LoginTokens } from './accounts/login-tokens.js';
import { SignedUrls } from './signed-url.js';
import type { Who } from './spec-access-matrix.js';
import { type SmallApi, secretOf } from './spec-small-api.js';

/** How a caller comes to a path: headers, and what stands in the query. */
interface Sent {
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

/** Somebody who asks, and what that one counts as. */
export interface Asking {
  readonly name: string;
  readonly is:
    | 'nobody'
    | 'foreign device'
    | 'own device'
    | 'viewer'
    | 'editor'
    | 'admin'
    | 'link'
    | 'bad link'
    | 'access_token';
  /** What is sent to a path; made anew for each, since some routes end the login that they are called with. */
  send(path: string): Promise<Sent>;
}

const HOUR_MS = 3_600_000;
const bearer = (secret: string): Sent => ({ headers: { authorization: `Bearer ${secret}` } });

/** Everyone who may stand before a route, in good and in bad standing. */
export async function callersOf({ app, catalog }: SmallApi): Promise<readonly Asking[]> {
  const { db } = catalog;
  const [tokens, links] = [app.get(LoginTokens), app.get(SignedUrls)];
  const person = async (name: string, role: Person['role']): Promise<Person> => {
    await addPerson(db, { name, role, passwordHash: 'nobody logs in here' }, 1);
    return (await findPerson(db, name)) as Person;
  };
  const login = async (of: Person, atMs = Date.now()) => (await tokens.issue(of, atMs)).token;
  const key = async (name: string, role: 'device' | 'admin') =>
    putAccount(db, { kind: 'key', name, role, secret: `secret of ${name}`.replaceAll(' ', '-') }, 1);

  const people = {
    viewer: await person('viewer', 'viewer'),
    editor: await person('editor', 'editor'),
    admin: await person('admin', 'admin'),
  };
  const removed = await person('removed', 'admin');
  const disabled = await person('disabled', 'admin');
  const renewed = await person('renewed', 'admin');
  const loginsBefore = {
    removed: await login(removed),
    disabled: await login(disabled),
    renewed: await login(renewed),
  };
  await removePerson(db, 'removed');
  await changePerson(db, 'disabled', { disabled: true });
  await changePerson(db, 'renewed', { passwordHash: 'another' });
  const ended = await login(people.admin);
  const read = await tokens.read(ended, Date.now());
  if (read) await endLogin(db, read, Date.now());
  await key('revoked', 'admin');
  await removeAccount(db, 'key', 'revoked');
  await key('meadow-1', 'device');

  const always = (sent: Sent) => async () => sent;
  const link = (path: string, inMs: number, by = secretOf('viewer')): Sent => ({
    query: links.sign(path, `k-${hashSecret(by)}`, Date.now() + inMs),
  });
  return [
    { name: 'no key', is: 'nobody', send: always({}) },
    { name: 'a wrong key', is: 'nobody', send: always(bearer('wrong')) },
    { name: 'a revoked key', is: 'nobody', send: always(bearer('secret-of-revoked')) },
    {
      name: 'an expired login',
      is: 'nobody',
      send: async () => bearer(await login(people.admin, Date.now() - 13 * HOUR_MS)),
    },
    { name: 'a login that was ended', is: 'nobody', send: always(bearer(ended)) },
    { name: 'the login of a removed user', is: 'nobody', send: always(bearer(loginsBefore.removed)) },
    { name: 'the login of a disabled user', is: 'nobody', send: always(bearer(loginsBefore.disabled)) },
    { name: 'a login from before a new password', is: 'nobody', send: always(bearer(loginsBefore.renewed)) },
    { name: 'an expired link', is: 'bad link', send: async (path) => link(path, -HOUR_MS) },
    { name: 'a link of another path', is: 'bad link', send: async (path) => link(`${path}/x`, HOUR_MS) },
    {
      name: 'a link of a revoked key',
      is: 'bad link',
      send: async (path) => link(path, HOUR_MS, 'secret-of-revoked'),
    },
    { name: 'another trap', is: 'foreign device', send: always(bearer(secretOf('device'))) },
    { name: 'the trap itself', is: 'own device', send: always(bearer(secretOf('trap'))) },
    { name: 'a device key of the trap', is: 'own device', send: always(bearer('secret-of-meadow-1')) },
    { name: 'a viewer’s key', is: 'viewer', send: always(bearer(secretOf('viewer'))) },
    { name: 'an editor’s key', is: 'editor', send: always(bearer(secretOf('editor'))) },
    { name: 'an admin’s key', is: 'admin', send: always(bearer(secretOf('admin'))) },
    { name: 'a viewer', is: 'viewer', send: async () => bearer(await login(people.viewer)) },
    { name: 'an editor', is: 'editor', send: async () => bearer(await login(people.editor)) },
    { name: 'an admin', is: 'admin', send: async () => bearer(await login(people.admin)) },
    { name: 'a signed link', is: 'link', send: async (path) => link(path, HOUR_MS) },
    {
      name: 'a key in access_token',
      is: 'access_token',
      send: always({ headers: { access_token: secretOf('admin') } }),
    },
  ];
}

const RANK = { 'foreign device': 0, 'own device': 0, viewer: 1, editor: 2, admin: 3 } as const;
type Known = keyof typeof RANK;

/** What is right: `in`, or the status of the refusal. */
export function verdictOn(is: Asking['is'], who: Who, opensTo: string | undefined): 'in' | 401 | 403 {
  if (who === 'everyone' || is === opensTo) return 'in';
  if (is === 'bad link' && opensTo === 'link') return 403;
  if (!(is in RANK)) return 401;
  const [caller, rank] = [is as Known, RANK[is as Known]];
  if (who === 'anyone known') return 'in';
  if (who === 'a trap') return rank === 0 || caller === 'admin' ? 'in' : 403;
  if (who === 'own trap') return caller === 'own device' || caller === 'admin' ? 'in' : 403;
  if (who === 'own trap or viewer') return caller === 'own device' || rank >= RANK.viewer ? 'in' : 403;
  return rank >= RANK[who] ? 'in' : 403;
}
