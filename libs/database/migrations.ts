import { setTimeout } from 'node:timers/promises';
import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { first as firstTables } from './migrations/0001-first.js';
import { points as pointTables } from './migrations/0002-points.js';
import { verdict as verdictColumns } from './migrations/0003-verdict.js';
import { reviews as reviewTables } from './migrations/0004-reviews.js';
import { people as peopleTables } from './migrations/0005-people.js';
import { deployments as deploymentTables } from './migrations/0006-deployments.js';
import { reading as readingIndexes } from './migrations/0007-reading.js';
import { retention as retentionTables } from './migrations/0008-retention.js';
import { activity as activityTables } from './migrations/0009-activity.js';
import { zones as zoneColumns } from './migrations/0010-zones.js';
import { storage as storageColumns } from './migrations/0011-storage.js';
import { time as timeTables } from './migrations/0014-time.js';
import { removedTraps } from './migrations/0015-removed-traps.js';
import { deletions as deletionTable } from './migrations/0016-deletions.js';
import type { EngineTypes } from './migrations/engine-types.js';
import { DatabaseAwayError } from './unavailable.js';

const PAUSE_MS = 20;

export type Engine = 'sqlite' | 'postgres';

const TYPES: Record<Engine, EngineTypes> = {
  sqlite: { blob: sql`blob`, text: sql`text` },
  postgres: { blob: sql`bytea`, text: sql`text collate "C"` },
};

const migrationsFor = (engine: Engine): Record<string, Migration> => ({
  '0001-first': firstTables(TYPES[engine]),
  '0002-points': pointTables(TYPES[engine]),
  '0003-verdict': verdictColumns(TYPES[engine]),
  '0004-reviews': reviewTables(TYPES[engine]),
  '0005-people': peopleTables(TYPES[engine]),
  '0006-deployments': deploymentTables(TYPES[engine]),
  '0007-reading': readingIndexes(),
  '0008-retention': retentionTables(TYPES[engine]),
  '0009-activity': activityTables(TYPES[engine]),
  '0010-zones': zoneColumns(TYPES[engine]),
  '0011-storage': storageColumns(),
  '0014-time': timeTables(TYPES[engine]),
  '0015-removed-traps': removedTraps(),
  '0016-deletions': deletionTable(TYPES[engine]),
});

const migratorOf = (db: Kysely<never>, engine: Engine) =>
  new Migrator({ db, provider: { getMigrations: async () => migrationsFor(engine) } });

/** Brings the tables to what this version of the code expects. Safe to call from several processes at once. */
export async function migrate(db: Kysely<never>, engine: Engine): Promise<void> {
  const migrator = migratorOf(db, engine);
  // Another process may be quicker with any of them: every look that fails for it leaves less to do.
  for (let left = Object.keys(migrationsFor(engine)).length; ; left -= 1) {
    const { error } = await migrator.migrateToLatest();
    if (!error) return;
    if (left === 0 || error instanceof DatabaseAwayError) throw error;
    await setTimeout(PAUSE_MS);
  }
}

/** How the tables differ from what this version of the code expects; asks only. */
export async function migrationState(
  db: Kysely<never>,
  engine: Engine,
): Promise<{ readonly missing: readonly string[]; readonly unknown: readonly string[] }> {
  const known = await migratorOf(db, engine).getMigrations();
  const missing = known.filter(({ executedAt }) => !executedAt).map(({ name }) => name);
  if (missing.length === known.length) return { missing, unknown: [] };
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const names = new Set(known.map(({ name }) => name));
  return { missing, unknown: rows.map(({ name }) => name).filter((name) => !names.has(name)) };
}
