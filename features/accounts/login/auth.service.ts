import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { iso, Problem } from '../../http/index.js';
import { CONFIG, LOG } from '../../platform/index.js';
import type { CurrentPrincipal } from '../access/principal.js';
import { hashPassword, isPasswordOf } from '../password.js';
import { expectStrong } from '../strong-password.js';
import {
  changePerson,
  endLogin,
  findPerson,
  noteLogin,
  type Person,
  readPersonName,
} from '../users.repository.js';
import { LoginTokens } from './login-tokens.js';

/** Each one takes 19 MiB and a thread that files and the database need too. Strangers never take all of them. */
const CHECKED_AT_ONCE = { familiar: 4, stranger: 3 };

/** What a person gets for a name and a password. */
export interface LoggedIn {
  readonly token: string;
  readonly expiresAt: string;
  readonly name: string;
  readonly role: Person['role'];
}

/** The one place where passwords are looked at, and slowly where they are wrong. */
@Injectable()
export class LogIn {
  private readonly limit = new LoginLimit();
  private checking = 0;

  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(LOG) private readonly log: Logger,
    private readonly tokens: LoginTokens,
  ) {}

  /**
   * @param typedName anything
   * @throws Problem 401, the same whether name or password is wrong; 429 where there were too many tries
   */
  async check(typedName: string, password: string, address: string): Promise<Person> {
    const name = readPersonName(typedName);
    const counted = name ?? 'no name at all';
    const waitMs = this.limit.begin(counted, address, Date.now());
    if (waitMs > 0) throw tooMany(waitMs);
    const person = name === undefined ? undefined : await findPerson(this.catalog.reader, name);
    const fits = await this.isPasswordOf(person, password, this.limit.isFamiliar(counted, address));
    if (!person || !fits || person.disabled) {
      // The name only where it is one of ours: people type their password there.
      this.log.warn({ name: person?.name, address }, 'a login failed');
      throw new Problem(401, 'wrong-password', 'Name or password is wrong.', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    this.limit.succeeded(counted, address, Date.now());
    return person;
  }

  async begin(person: Person): Promise<LoggedIn> {
    const nowMs = Date.now();
    const { token, expiresAtMs } = await this.tokens.issue(person, nowMs);
    noteLogin(this.catalog.db, person.id, nowMs).catch((err: unknown) =>
      this.log.debug({ err, name: person.name }, 'a login was not noted'),
    );
    return { token, expiresAt: iso(expiresAtMs), name: person.name, role: person.role };
  }

  /** @throws Problem 409 where the request came with a key */
  async end(user: CurrentPrincipal): Promise<void> {
    await endLogin(this.catalog.db, loginOf(user), Date.now());
  }

  /** Changes the password of whoever is logged in, and ends all other logins of that person. */
  async changePassword(
    user: CurrentPrincipal,
    { current, password }: { readonly current: string; readonly password: string },
    address: string,
  ): Promise<LoggedIn> {
    loginOf(user);
    await expectStrong(this.config, user.name, password);
    const { name } = await this.check(user.name, current, address);
    const passwordHash = await hashPassword(password);
    await changePerson(this.catalog.db, name, { passwordHash });
    const person = await findPerson(this.catalog.db, name);
    if (!person) throw new Problem(401, 'no-key', 'This account was removed just now.');
    return this.begin(person);
  }

  private async isPasswordOf(
    person: Person | undefined,
    password: string,
    isFamiliar: boolean,
  ): Promise<boolean> {
    if (this.checking >= CHECKED_AT_ONCE[isFamiliar ? 'familiar' : 'stranger']) throw tooMany(1000);
    this.checking += 1;
    try {
      // Empty: the person has not chosen one yet, and nothing typed is right.
      return await isPasswordOf(person?.password_hash || undefined, password);
    } finally {
      this.checking -= 1;
    }
  }
}

function loginOf({ login }: CurrentPrincipal): NonNullable<CurrentPrincipal['login']> {
  if (login) return login;
  throw new Problem(409, 'conflict', 'This came with a key, and not with the login of a person.');
}

function tooMany(waitMs: number): Problem {
  const seconds = Math.ceil(waitMs / 1000);
  return new Problem(429, 'too-many-requests', `Too many logins were tried; wait ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  });
} /**
 * Tries that anybody has: people mistype, and a whole institute may share one address. Of a name from all addresses there
 * are more: one stranger alone must not use them up, since that would lock out whoever the name belongs to.
 */
const FREE = { pair: 5, address: 20, name: 50 } as const;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
/** The longest unused are forgotten first. */
const LARGEST = 10_000;

interface Counter {
  readonly key: string;
  readonly free: number;
}

interface Tries {
  readonly failed: number;
  readonly lastAtMs: number;
}

/**
 * Makes guessing of passwords slow: after some failures in a row, of a name from an address, of an address and of a name,
 * each further try must wait twice as long as the one before. From an address where a name has logged in before, that
 * name is counted by itself: whatever others do, at that address or elsewhere, locks nobody out who is familiar.
 */
export class LoginLimit {
  private readonly tries = new Map<string, Tries>();
  private readonly familiar = new Map<string, true>();

  /**
   * Counts a try as failed until `succeeded` says otherwise, since many may come at once.
   *
   * @returns milliseconds to wait before the next try; 0 = this one may be looked at
   */
  begin(name: string, address: string, nowMs: number): number {
    const counters = this.countersOf(name, address);
    const waits = counters.map(({ key, free }) => this.waitMs(key, free, nowMs));
    const waitMs = Math.max(...waits);
    if (waitMs > 0) return waitMs;
    for (const { key } of counters) {
      const failed = this.read(key, nowMs).failed + 1;
      put(this.tries, key, { failed, lastAtMs: nowMs });
    }
    return 0;
  }

  /** How many counters are kept. */
  get size(): number {
    return this.tries.size;
  }

  /** Whether the name has logged in from this address before. */
  isFamiliar(name: string, address: string): boolean {
    return this.familiar.has(together(name, address));
  }

  /** The tries of the name from there are forgotten; elsewhere this one only: others may be guessing. */
  succeeded(name: string, address: string, nowMs: number): void {
    const [ofPair, ...ofOthers] = this.countersOf(name, address);
    this.tries.delete(ofPair.key);
    for (const { key } of ofOthers) {
      const { failed } = this.read(key, nowMs);
      put(this.tries, key, { failed: Math.max(0, failed - 1), lastAtMs: nowMs });
    }
    put(this.familiar, together(name, address), true);
  }

  private countersOf(name: string, address: string): [Counter, ...Counter[]] {
    const ofPair = { key: `pair ${together(name, address)}`, free: FREE.pair };
    if (this.isFamiliar(name, address)) return [ofPair];
    return [
      ofPair,
      { key: `address ${address}`, free: FREE.address },
      { key: `name ${name}`, free: FREE.name },
    ];
  }

  private waitMs(key: string, free: number, nowMs: number): number {
    const { failed, lastAtMs } = this.read(key, nowMs);
    if (failed < free) return 0;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failed - free), LONGEST_PAUSE_MS);
    return Math.max(0, lastAtMs + pauseMs - nowMs);
  }

  private read(key: string, nowMs: number): Tries {
    const tries = this.tries.get(key);
    const counts = tries && nowMs - tries.lastAtMs < FORGOTTEN_AFTER_MS;
    return counts ? tries : { failed: 0, lastAtMs: 0 };
  }
}

/** An address holds no space. */
const together = (name: string, address: string): string => `${address} ${name}`;

function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > LARGEST) map.delete(map.keys().next().value as string);
}
