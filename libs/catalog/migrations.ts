import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { first as firstTables } from './migrations/0001-first.js';
import { points as pointTables } from './migrations/0002-points.js';
import type { EngineTypes } from './migrations/engine-types.js';

export type Engine = 'sqlite' | 'postgres';

const TYPES: Record<Engine, EngineTypes> = {
  sqlite: { blob: sql`blob`, text: sql`text` },
  postgres: { blob: sql`bytea`, text: sql`text collate "C"` },
};

/** Brings the tables to what this version of the code expects. Safe to call from several processes at once. */
export async function migrate(db: Kysely<never>, engine: Engine): Promise<void> {
  const migrations: Record<string, Migration> = {
    '0001-first': firstTables(TYPES[engine]),
    '0002-points': pointTables(TYPES[engine]),
  };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const first = await migrator.migrateToLatest();
  if (!first.error) return;
  // Another process may have been quicker: then nothing is left to do, and the second look says so.
  const second = await migrator.migrateToLatest();
  if (second.error) throw second.error;
}
