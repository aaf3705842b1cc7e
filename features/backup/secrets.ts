import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Db, Tables } from '../../libs/database/index.js';
import { BackupError } from './backup-error.js';

const SECRETS_SCHEMA = z.object({
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  /** Names in the data folder → bytes as base64. */
  files: z.record(z.string().regex(/^[\w][\w.-]*$/), z.base64()),
});

export interface Secrets {
  readonly tables: SecretRows;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Everything secret in one file, so that it can be kept elsewhere than the rest. */
export function secretsText(tables: SecretRows, files: ReadonlyMap<string, Buffer>): string {
  const texts = [...files].map(([name, bytes]) => [name, bytes.toString('base64')]);
  return `${JSON.stringify({ tables, files: Object.fromEntries(texts) })}\n`;
}

/** @throws BackupError `damaged` */
export function readSecrets(text: string): Secrets {
  try {
    const { tables, files } = SECRETS_SCHEMA.parse(JSON.parse(text));
    const bytes = Object.entries(files).map(
      ([name, base64]) => [name, Buffer.from(base64, 'base64')] as const,
    );
    return { tables, files: new Map(bytes) };
  } catch {
    throw new BackupError('damaged', 'the file with the secrets is damaged');
  }
}

/** Tables that say who may come in: whoever has them may try to. */
export const SECRET_TABLES = [
  'accounts',
  'people',
  'ended_logins',
  'login_links',
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
