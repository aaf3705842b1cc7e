import { setTimeout } from 'node:timers/promises';
import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { first as firstTables } from './migrations/0001-first.js';
import { points as pointTables } from './migrations/0002-points.js';
import { verdict as verdictColumns } from './migrations/0003-verdict.js';
import type { EngineTypes } from './migrations/engine-types.js';

const PAUSE_MS = 20;

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
    '0003-verdict': verdictColumns(TYPES[engine]),
  };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  // Another process may be quicker with any of them: every look that fails for it leaves less to do.
  for (let left = Object.keys(migrations).length; ; left -= 1) {
    const { error } = await migrator.migrateToLatest();
    if (!error) return;
    if (left === 0) throw error;
    await setTimeout(PAUSE_MS);
  }
}
