import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AccountsTable, Db } from './schema.js';

export type Account = Selectable<AccountsTable>;

/** A secret nobody can guess: 256 random bits as 43 characters that need no quoting and never look like an option. */
export function newSecret(): string {
  const secret = randomBytes(32).toString('base64url');
  return secret.startsWith('-') ? newSecret() : secret;
}

/** Plain SHA-256 is enough for a random secret of 256 bits: there is no dictionary to try. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export interface NewAccount {
  readonly kind: Account['kind'];
  readonly name: string;
  readonly role: Account['role'];
  readonly secret: string;
  readonly mosquittoHash?: string;
}

/** Makes an account; one of the same kind and name gets the new secret, and the old one stops to work. */
export async function putAccount(db: Db, account: NewAccount, nowMs: number): Promise<void> {
  const columns = {
    role: account.role,
    secret_sha256: hashSecret(account.secret),
    mosquitto_hash: account.mosquittoHash ?? null,
    created_at: nowMs,
    last_used_at: null,
  };
  await db
    .insertInto('accounts')
    .values({ kind: account.kind, name: account.name, ...columns })
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet(columns))
    .execute();
}

export function listAccounts(db: Db, kind: Account['kind']): Promise<Account[]> {
  return db.selectFrom('accounts').selectAll().where('kind', '=', kind).orderBy('name').execute();
}

/** @returns false where there was none */
export async function removeAccount(db: Db, kind: Account['kind'], name: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('accounts')
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst();
  return Number(numDeletedRows) > 0;
}

/** The account with this secret, or undefined. A lookup by hash tells nothing by its duration. */
export function accountBySecret(db: Db, secret: string): Promise<Account | undefined> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('secret_sha256', '=', hashSecret(secret))
    .executeTakeFirst();
}

export async function noteUse(db: Db, account: Pick<Account, 'kind' | 'name'>, nowMs: number): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ last_used_at: nowMs })
    .where('kind', '=', account.kind)
    .where('name', '=', account.name)
    .execute();
}
