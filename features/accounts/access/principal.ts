import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { Catalog, type Language } from '../../../libs/database/index.js';
import { Problem } from '../../http/index.js';
import { LOG } from '../../platform/index.js';
import { type Account, accountByHash, accountBySecret, noteUse } from '../accounts.repository.js';
import { LoginTokens, looksLikeLogin } from '../login/login-tokens.js';
import { SessionCookie } from '../login/session-cookie.js';
import { trapsOf } from '../seen-traps.js';
import { type Login, personOfGeneration, personOfLogin } from '../users.repository.js';
import { hasRole, type Principal } from './access.js';

/** How signers begin: of keys comes the hash that the catalog has, of people their id and the generation of their logins. */
const KEY = 'k-';
const PERSON = 'p-';
const NOTE_USE_EVERY_MS = 60_000;

/** Whether a request came with a key at all, and whose it is. */
export interface Identity {
  readonly sent: boolean;
  readonly caller?: Principal & {
    readonly login?: Login;
    /** Of a person who has chosen one. */
    readonly language?: Language | null;
    /** The login came in a cookie, which browsers send by themselves. */
    readonly viaCookie?: boolean;
    /** What stands in the links that this caller signs, of letters, digits, `_`, `.` and `-`. */
    readonly signer: string;
  };
}

/** Who sends a request that was let in. */
export type CurrentPrincipal = NonNullable<Identity['caller']>;

/** Says who asks. Asked of the catalog with every request: a key that is taken back stops to work at once. */
@Injectable()
export class PrincipalResolver {
  private readonly known = new WeakMap<Request, Promise<Identity>>();
  private readonly notedAtMs = new Map<string, number>();

  constructor(
    private readonly catalog: Catalog,
    @Inject(LOG) private readonly log: Logger,
    private readonly tokens: LoginTokens,
    private readonly cookie: SessionCookie,
  ) {}

  /** @throws Problem 503 where the catalog does not answer */
  identify(request: Request, takesAccessToken: boolean): Promise<Identity> {
    const known = this.known.get(request) ?? this.look(request, takesAccessToken);
    this.known.set(request, known);
    return known;
  }

  /** Who made a request that is still being answered, as the catalog has it now; undefined: nobody with access. */
  async current(request: Request): Promise<Identity['caller']> {
    return (await this.look(request, false)).caller;
  }

  private async look(request: Request, takesAccessToken: boolean): Promise<Identity> {
    const credentials = credentialsOf(request.headers, takesAccessToken);
    if (!credentials) return this.ofCookie(request);
    const { secret, user } = credentials;
    try {
      const caller =
        user === undefined && looksLikeLogin(secret) ? await this.person(secret) : await this.account(secret);
      return caller && (user === undefined || speaksAs(user, caller))
        ? { sent: true, caller }
        : { sent: true };
    } catch (err) {
      throw this.noAnswer(err);
    }
  }

  /** An old cookie is like none: the browser sends it by itself, beside a signed link, too. */
  private async ofCookie(request: Request): Promise<Identity> {
    const token = request.headers.authorization === undefined ? this.cookie.read(request) : undefined;
    if (token === undefined) return { sent: false };
    try {
      const caller = await this.person(token);
      return caller ? { sent: true, caller: { ...caller, viaCookie: true } } : { sent: false };
    } catch (err) {
      throw this.noAnswer(err);
    }
  }

  private async person(token: string): Promise<Identity['caller']> {
    const login = await this.tokens.read(token, Date.now());
    const person = login && (await personOfLogin(this.catalog.reader, login));
    return (
      person && {
        kind: 'user',
        name: person.name,
        role: person.role,
        traps: trapsOf(person),
        login,
        language: person.language,
        signer: `${PERSON}${person.id}.${person.generation}`,
      }
    );
  }

  private async account(secret: string): Promise<Identity['caller']> {
    const account = await accountBySecret(this.catalog.reader, secret);
    return (
      account && {
        kind: account.kind,
        name: account.name,
        role: account.role,
        traps: trapsOf(account),
        // Not its name, which strangers would see; and a new key of that name is another one.
        signer: `${KEY}${account.secret_sha256}`,
      }
    );
  }

  /**
   * Who signed a link, as long as that one has access: the key is not revoked, the person not removed or disabled, and the
   * password is the same. Which traps the signer may see is left to the caller.
   *
   * @throws Problem 503 where the catalog does not answer
   */
  async signer(signer: string): Promise<Pick<Principal, 'traps'> | undefined> {
    const { reader } = this.catalog;
    const rest = signer.slice(KEY.length);
    try {
      if (signer.startsWith(KEY)) {
        const account = await accountByHash(reader, rest);
        return account && hasRole(asPrincipal(account), 'viewer') ? asPrincipal(account) : undefined;
      }
      const [id = '', generation = ''] = rest.split('.');
      const person = await personOfGeneration(reader, id, Number(generation));
      return person && { traps: trapsOf(person) };
    } catch (err) {
      throw this.noAnswer(err);
    }
  }

  private noAnswer(err: unknown): Problem {
    this.log.error({ err }, 'the catalog does not answer: no key can be checked');
    return new Problem(503, 'unavailable', 'The catalog does not answer; try again.', {
      headers: { 'Retry-After': '5' },
    });
  }

  /** In the background: a reader must not wait for those who write. */
  noteUse({ kind, name }: Principal): void {
    if (kind === 'user') return;
    const key = `${kind}/${name}`;
    const nowMs = Date.now();
    if (nowMs - (this.notedAtMs.get(key) ?? 0) < NOTE_USE_EVERY_MS) return;
    this.notedAtMs.set(key, nowMs);
    noteUse(this.catalog.db, { kind, name }, nowMs).catch((err: unknown) =>
      this.log.debug({ err, name }, 'the last use of a key was not noted'),
    );
  }
}

const asPrincipal = (account: Account): Principal => ({
  kind: account.kind,
  name: account.name,
  role: account.role,
  traps: trapsOf(account),
});

/** With a user name come traps alone, as over MQTT. */
const speaksAs = (user: string, { kind, name, role }: Principal): boolean =>
  name === user && (kind === 'trap' || role === 'device');

const BEARER = /^Bearer +([\w~+/.-]+=*) *$/i;
const BASIC = /^Basic +([\w+/]+=*) *$/i;
const TOKEN = /^[\w~+/.-]+=*$/;

/** What a request came with. `user` only where it says so itself: then the secret must be that user's. */
interface Credentials {
  readonly secret: string;
  readonly user?: string;
}

/**
 * @param takesAccessToken whether the header of waskrabbeltda's clients counts, where there is no other
 * @returns undefined where there are none, or none that can be read
 */
function credentialsOf(headers: IncomingHttpHeaders, takesAccessToken: boolean): Credentials | undefined {
  const { authorization, access_token: accessToken } = headers;
  if (authorization === undefined && takesAccessToken && typeof accessToken === 'string')
    return TOKEN.test(accessToken) ? { secret: accessToken } : undefined;
  const bearer = BEARER.exec(authorization ?? '')?.[1];
  return bearer ? { secret: bearer } : basic(authorization ?? '');
}

function basic(authorization: string): Credentials | undefined {
  const text = Buffer.from(BASIC.exec(authorization)?.[1] ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  return colon > 0 ? { user: text.slice(0, colon), secret: text.slice(colon + 1) } : undefined;
}
