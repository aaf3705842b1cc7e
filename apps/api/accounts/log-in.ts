import { Inject } from '@nestjs/common';
import {
  findPerson,
  isPasswordOf,
  noteLogin,
  type Person,
  readPersonName,
} from '../../../libs/catalog/index.js';
import { type ApiParts, PARTS } from '../parts.js';
import { Problem } from '../problem.js';
import { iso } from '../show.js';
import { LoginLimit } from './login-limit.js';
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
export class LogIn {
  private readonly limit = new LoginLimit();
  private checking = 0;

  constructor(
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(LoginTokens) private readonly tokens: LoginTokens,
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
    const person = name === undefined ? undefined : await findPerson(this.parts.catalog.reader, name);
    const fits = await this.isPasswordOf(person, password, this.limit.isFamiliar(counted, address));
    if (!person || !fits || person.disabled) {
      // The name only where it is one of ours: people type their password there.
      this.parts.log.warn({ name: person?.name, address }, 'a login failed');
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
    noteLogin(this.parts.catalog.db, person.id, nowMs).catch((err: unknown) =>
      this.parts.log.debug({ err, name: person.name }, 'a login was not noted'),
    );
    return { token, expiresAt: iso(expiresAtMs), name: person.name, role: person.role };
  }

  private async isPasswordOf(
    person: Person | undefined,
    password: string,
    isFamiliar: boolean,
  ): Promise<boolean> {
    if (this.checking >= CHECKED_AT_ONCE[isFamiliar ? 'familiar' : 'stranger']) throw tooMany(1000);
    this.checking += 1;
    try {
      return await isPasswordOf(person?.password_hash, password);
    } finally {
      this.checking -= 1;
    }
  }
}

function tooMany(waitMs: number): Problem {
  const seconds = Math.ceil(waitMs / 1000);
  return new Problem(429, 'too-many-requests', `Too many logins were tried; wait ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
