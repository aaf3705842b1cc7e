import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import {
  addPerson,
  changePerson,
  endLogin,
  findPerson,
  type Login,
  listUsers,
  noteLogin,
  type Person,
  personOfLogin,
  removePerson,
} from './users.repository.js';

const engines = await testEngines();

onEachEngine(engines, 'people', (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await Catalog.open(await engine.place());
  });
  afterAll(() => catalog.close());

  async function somebody(name: string): Promise<Person> {
    await addPerson(catalog.db, { name, role: 'editor', passwordHash: 'a hash' }, 1);
    return (await findPerson(catalog.reader, name)) as Person;
  }
  let logins = 0;
  function loginOf(person: Person): Login {
    logins += 1;
    return { id: `login-${logins}`, personId: person.id, generation: person.generation, expiresAtMs: 100 };
  }
  const counts = async (login: Login) => (await personOfLogin(catalog.reader, login)) !== undefined;

  it('have a name of their own', async () => {
    await somebody('anna');
    const again = { name: 'anna', role: 'admin', passwordHash: 'another' } as const;
    expect(await addPerson(catalog.db, again, 2)).toBe(false);
    expect(await findPerson(catalog.reader, 'anna')).toMatchObject({
      role: 'editor',
      password_hash: 'a hash',
    });
  });

  it('are listed by name, page by page', async () => {
    for (const name of ['page-c', 'page-a', 'page-b']) await somebody(name);
    const page = await listUsers(catalog.reader, { limit: 2, after: 'page-' });
    expect(page.map(({ name }) => name)).toEqual(['page-a', 'page-b']);
    const [last] = await listUsers(catalog.reader, { limit: 2, after: 'page-b' });
    expect(last?.name).toBe('page-c');
  });

  it.each([
    ['gets a new password', { passwordHash: 'new' }],
    ['is disabled', { disabled: true }],
  ])('are logged out everywhere when one %s', async (what, change) => {
    const person = await somebody(what.replaceAll(' ', '-'));
    const login = loginOf(person);
    expect(await counts(login)).toBe(true);
    expect(await changePerson(catalog.db, person.name, change)).toBe(true);
    expect(await counts(login)).toBe(false);
    await changePerson(catalog.db, person.name, { disabled: false });
    expect(await counts(login)).toBe(false);
  });

  it('have no login at all while they are disabled', async () => {
    await somebody('disabled');
    await changePerson(catalog.db, 'disabled', { disabled: true });
    const now = (await findPerson(catalog.reader, 'disabled')) as Person;
    expect(await counts(loginOf(now))).toBe(false);
  });

  it('stay logged in with another role', async () => {
    const person = await somebody('promoted');
    const login = loginOf(person);
    await changePerson(catalog.db, 'promoted', { role: 'admin' });
    expect(await personOfLogin(catalog.reader, login)).toMatchObject({ role: 'admin', generation: 1 });
  });

  it('do not come in with the login of somebody who had the name before', async () => {
    const login = loginOf(await somebody('ben'));
    expect(await removePerson(catalog.db, 'ben')).toBe(true);
    await somebody('ben');
    expect(await counts(login)).toBe(false);
  });

  it('end one login and keep the others', async () => {
    const person = await somebody('cleo');
    const [ended, other] = [loginOf(person), loginOf(person)];
    await endLogin(catalog.db, ended, 50);
    await endLogin(catalog.db, ended, 50);
    expect([await counts(ended), await counts(other)]).toEqual([false, true]);
  });

  it('leave no note of ended logins that have expired', async () => {
    const person = await somebody('dora');
    await endLogin(catalog.db, { id: 'old', expiresAtMs: 100 }, 50);
    await endLogin(catalog.db, { ...loginOf(person), expiresAtMs: 300 }, 200);
    const notes = await catalog.reader.selectFrom('ended_logins').select('id').execute();
    expect(notes.map(({ id }) => id)).not.toContain('old');
  });

  it('have the time of their last login', async () => {
    const { id } = await somebody('emil');
    await noteLogin(catalog.db, id, 77);
    expect(await findPerson(catalog.reader, 'emil')).toMatchObject({ last_login_at: 77 });
  });

  it('cannot be changed or removed where there is nobody of the name', async () => {
    expect(await changePerson(catalog.db, 'nobody', { role: 'admin' })).toBe(false);
    expect(await removePerson(catalog.db, 'nobody')).toBe(false);
  });
});
