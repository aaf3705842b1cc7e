import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AccountsTable, Db } from '../../libs/database/index.js';
import { trapsText } from './seen-traps.js';

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
  readonly mosquittoHash?: string | undefined;
  /** The only traps that it may see; undefined: all. */
  readonly traps?: readonly string[] | undefined;
}

/** An `@` makes a name that no trap can have: such a key may read over Mosquitto too. */
const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/;

export const isKeyName = (name: string): boolean => KEY_NAME.test(name);

/** Makes an account; one of the same kind and name gets the new secret, and the old one stops to work. */
export async function putAccount(db: Db, account: NewAccount, nowMs: number): Promise<void> {
  const { kind, name, ...columns } = rowOf(account, nowMs);
  await db
    .insertInto('accounts')
    .values({ kind, name, ...columns })
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet(columns))
    .execute();
  await noteRemoval(db, account, null);
}

/** Makes an account. @returns false where there is one of that kind and name: nothing has changed then */
export async function addAccount(db: Db, account: NewAccount, nowMs: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('accounts')
    .values(rowOf(account, nowMs))
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** Gives an account a new secret; the old one stops working. @returns false where there is no such account */
export async function changeSecret(db: Db, account: Omit<NewAccount, 'role'>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('accounts')
    .set({ secret_sha256: hashSecret(account.secret), mosquitto_hash: account.mosquittoHash ?? null })
    .where('kind', '=', account.kind)
    .where('name', '=', account.name)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

const rowOf = (account: NewAccount, nowMs: number): Account => ({
  kind: account.kind,
  name: account.name,
  role: account.role,
  secret_sha256: hashSecret(account.secret),
  mosquitto_hash: account.mosquittoHash ?? null,
  traps: trapsText(account.traps),
  created_at: nowMs,
  last_used_at: null,
});

/** @param traps null: all traps. @returns false where there is no such key */
export async function limitKey(db: Db, name: string, traps: readonly string[] | null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('accounts')
    .set({ traps: trapsText(traps) })
    .where('kind', '=', 'key')
    .where('name', '=', name)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

export function findKey(db: Db, name: string): Promise<Account | undefined> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('kind', '=', 'key')
    .where('name', '=', name)
    .executeTakeFirst();
}

/** In the order of their names, from behind `after` on. */
export function listAccounts(
  db: Db,
  kind: Account['kind'],
  page: { readonly limit?: number; readonly after?: string | undefined } = {},
): Promise<Account[]> {
  let query = db.selectFrom('accounts').selectAll().where('kind', '=', kind).orderBy('name');
  if (page.after !== undefined) query = query.where('name', '>', page.after);
  if (page.limit !== undefined) query = query.limit(page.limit);
  return query.execute();
}

/** @returns false where there was none */
export async function removeAccount(
  db: Db,
  kind: Account['kind'],
  name: string,
  nowMs = Date.now(),
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('accounts')
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!Number(numDeletedRows)) return false;
  await noteRemoval(db, { kind, name }, nowMs);
  return true;
}

/** What a trap has sent outlives its account; other programs are not told of it any more. */
async function noteRemoval(
  db: Db,
  { kind, name }: Pick<Account, 'kind' | 'name'>,
  removedAtMs: number | null,
): Promise<void> {
  if (kind !== 'trap') return;
  await db.updateTable('traps').set({ removed_at: removedAtMs }).where('trap_id', '=', name).execute();
}

/** The account with this secret, or undefined. A lookup by hash tells nothing by its duration. */
export const accountBySecret = (db: Db, secret: string): Promise<Account | undefined> =>
  accountByHash(db, hashSecret(secret));

/** The account whose secret has this SHA-256, in hexadecimal digits, or undefined. */
export const accountByHash = (db: Db, secretSha256: string): Promise<Account | undefined> =>
  db.selectFrom('accounts').selectAll().where('secret_sha256', '=', secretSha256).executeTakeFirst();

export async function noteUse(db: Db, account: Pick<Account, 'kind' | 'name'>, nowMs: number): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ last_used_at: nowMs })
    .where('kind', '=', account.kind)
    .where('name', '=', account.name)
    .execute();
}
