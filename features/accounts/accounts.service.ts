import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog, type Db } from '../../libs/database/index.js';
import { invalidRequest, notFound, Problem } from '../http/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import type { Principal } from './access/access.js';
import { type Account, findKey, limitKey, listAccounts, removeAccount } from './accounts.repository.js';
import { isNameFor, makeKey, makeTrapAccount } from './credentials.js';
import { createLoginLink } from './login/login-links.repository.js';
import { hashPassword, newPassword } from './password.js';
import { expectStrong } from './strong-password.js';
import {
  addPerson,
  changePerson,
  findPerson,
  hasAdmin,
  listUsers,
  type Person,
  removePerson,
} from './users.repository.js';

interface SeenTraps {
  /** The only traps that may be seen; null or undefined: all. */
  readonly traps?: readonly string[] | null | undefined;
}

interface PageOfNames {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Keys, passwords of traps, and people. One administrator is always left. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  listKeys(page: PageOfNames): Promise<Account[]> {
    return listAccounts(this.catalog.reader, 'key', page);
  }

  /** @returns the key, to be shown once */
  async createKey(
    { name, role, traps }: Pick<Account, 'name' | 'role'> & SeenTraps,
    by: Principal,
  ): Promise<string> {
    if (!isNameFor(role, name))
      throw invalidRequest([{ field: 'name', message: 'must be the id of the trap that the key is for' }]);
    expectLimitable(role, traps);
    const key = await makeKey(this.catalog.db, { name, role, traps: traps ?? undefined }, Date.now());
    if (!key) throw new Problem(409, 'conflict', `There is a key ${name}: revoke it first.`);
    this.log.info({ by: by.name, name, role, traps }, 'a key was made');
    return key;
  }

  /** @param traps the only traps that the key may see; null: all */
  async limitKey(name: string, traps: readonly string[] | null, by: Principal): Promise<Account> {
    const key = await this.catalog.db.transaction().execute(async (tx) => {
      const before = await findKey(tx, name);
      if (!before) throw notFound(`There is no key ${name}.`);
      expectLimitable(before.role, traps);
      await limitKey(tx, name, traps);
      return findKey(tx, name);
    });
    this.log.info({ by: by.name, name, traps }, 'the traps that a key may see were changed');
    return key as Account;
  }

  async revokeKey(name: string, by: Principal): Promise<void> {
    const gone = await this.keepingAdmin((tx) => removeAccount(tx, 'key', name));
    if (!gone) throw notFound(`There is no key ${name}.`);
    this.log.info({ by: by.name, name }, 'a key was revoked');
  }

  /** @returns the new password, to be shown once; the old one stops working */
  async setTrapPassword(trapId: string, by: Principal): Promise<string> {
    const password = await makeTrapAccount(this.catalog.db, trapId, Date.now());
    this.log.info({ by: by.name, trapId }, 'a trap was given a password');
    return password;
  }

  async removeTrapAccount(trapId: string, by: Principal): Promise<void> {
    if (!(await removeAccount(this.catalog.db, 'trap', trapId)))
      throw notFound(`There is no account of a trap ${trapId}.`);
    this.log.info({ by: by.name, trapId }, 'the account of a trap was removed');
  }

  listUsers(page: PageOfNames): Promise<Person[]> {
    return listUsers(this.catalog.reader, page);
  }

  /** @returns the user, and the password if it was made here */
  async createUser(
    {
      name,
      role,
      password,
      traps,
    }: Pick<Person, 'name' | 'role'> & SeenTraps & { password?: string | undefined },
    by: Principal,
  ): Promise<{ user: Person; password?: string }> {
    expectLimitable(role, traps);
    await expectStrong(this.config, name, password);
    const made = password ?? newPassword();
    const person = { name, role, traps, passwordHash: await hashPassword(made) };
    if (!(await addPerson(this.catalog.db, person, Date.now())))
      throw new Problem(409, 'conflict', `There is a user ${name}.`);
    this.log.info({ by: by.name, name, role, traps }, 'a user was added');
    return { user: await this.user(name), ...(password === undefined && { password: made }) };
  }

  async changeUser(
    name: string,
    {
      password,
      ...change
    }: SeenTraps & {
      role?: Person['role'] | undefined;
      disabled?: boolean | undefined;
      password?: string | undefined;
    },
    by: Principal,
  ): Promise<Person> {
    await expectStrong(this.config, name, password);
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    const known = await this.keepingAdmin(async (tx) => {
      const changed = await changePerson(tx, name, { ...change, passwordHash });
      const after = changed ? await findPerson(tx, name) : undefined;
      if (after) expectLimitable(after.role, after.traps);
      return changed;
    });
    if (!known) throw notFound(`There is no user ${name}.`);
    const isNewPassword = passwordHash !== undefined;
    this.log.info({ by: by.name, name, ...change, isNewPassword }, 'a user was changed');
    return this.user(name);
  }

  async removeUser(name: string, by: Principal): Promise<void> {
    const gone = await this.keepingAdmin((tx) => removePerson(tx, name));
    if (!gone) throw notFound(`There is no user ${name}.`);
    this.log.info({ by: by.name, name }, 'a user was removed');
  }

  async createLoginLink(name: string, by: Principal) {
    const { db } = this.catalog;
    const person = await findPerson(db, name);
    if (!person) throw notFound(`There is no user ${name}.`);
    const { path, expiresAtMs } = await createLoginLink(db, person.id, Date.now());
    this.log.info({ by: by.name, name }, 'a login link was made');
    return { url: `${this.config.publicUrl ?? ''}${path}`, path, expiresAtMs };
  }

  private async user(name: string): Promise<Person> {
    const row = await findPerson(this.catalog.db, name);
    if (!row) throw notFound(`The user ${name} was removed just now.`);
    return row;
  }

  /** @throws Problem 409 if no key and no user would be an administrator any more; nothing has changed then */
  private keepingAdmin<T>(change: (tx: Db) => Promise<T>): Promise<T> {
    return this.catalog.db.transaction().execute(async (tx) => {
      const done = await change(tx);
      if (!(await hasAdmin(tx)))
        throw new Problem(
          409,
          'conflict',
          'Nobody would be an administrator any more: make another one first.',
        );
      return done;
    });
  }
}

/**
 * Administrators change accounts, and so could lift any limit; a device speaks for the trap that it is named after.
 *
 * @throws Problem 400
 */
function expectLimitable(role: Account['role'], traps: unknown): void {
  if (traps == null || role === 'viewer' || role === 'editor') return;
  const message = `must be null with the role ${role}: only viewers and editors can be limited to some traps`;
  throw invalidRequest([{ field: 'traps', message }]);
}
