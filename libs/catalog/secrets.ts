import { type Kysely, sql } from 'kysely';
import type { Db, Tables } from './schema.js';

/** Tables that say who may come in: whoever has them may try to. */
export const SECRET_TABLES = [
  'accounts',
  'people',
  'ended_logins',
] as const satisfies readonly (keyof Tables)[];

export type SecretRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/**
 * Takes the secrets out of a copy of the catalog (SQLite): nothing of them stays in the file once it is closed.
 *
 * @returns their rows, by table
 */
export async function takeOutSecrets(copy: Db): Promise<SecretRows> {
  await sql`pragma secure_delete=ON`.execute(copy);
  const secrets: Record<string, Readonly<Record<string, unknown>>[]> = {};
  for (const table of SECRET_TABLES) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(copy);
    secrets[table] = rows;
    await sql`delete from ${sql.table(table)}`.execute(copy);
  }
  return secrets;
}

/** Puts them back where they were; what is there already stays. */
export async function putBackSecrets(db: Db, secrets: SecretRows): Promise<void> {
  for (const table of SECRET_TABLES)
    for (const row of secrets[table] ?? [])
      await (db as unknown as Kysely<Record<string, Record<string, unknown>>>)
        .insertInto(table)
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
}
