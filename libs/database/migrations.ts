import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { BACKOFF, retry } from '../async/index.js';
import { tables } from './migrations/0001-tables.js';
import { ENGINE_TYPES, type Engine } from './migrations/engine-types.js';
import { DatabaseAwayError } from './unavailable.js';

export type { Engine } from './migrations/engine-types.js';

const ATTEMPTS = 15;

/** Another version of Trapline made the catalog: its tables differ, and this version does not touch them. */
export class CatalogVersionError extends Error {
  readonly code = 'catalog-version';

  constructor(unknown: readonly string[]) {
    super(
      `the catalog was made by another version of Trapline (migrations ${unknown.join(', ')}). ${CATALOG_VERSION_HINT}`,
    );
  }
}

export const CATALOG_VERSION_HINT =
  'Run that version again, or name an empty folder in TRAPLINE_DATA_DIR (with PostgreSQL: an empty database in DATABASE_URL)';

const migrationsFor = (engine: Engine): Record<string, Migration> => ({
  '0001-tables': tables(ENGINE_TYPES[engine]),
});

const migratorOf = (db: Kysely<never>, engine: Engine) =>
  new Migrator({ db, provider: { getMigrations: async () => migrationsFor(engine) } });

/**
 * Brings the tables to what this version of the code expects. Safe to call from several processes at once.
 *
 * @throws CatalogVersionError where another version made the tables: nothing was changed
 */
export async function migrate(db: Kysely<never>, engine: Engine): Promise<void> {
  // With SQLite another process can run the same migration at the same time: one of them fails and finds it done.
  await retry(
    async () => {
      const { error } = await migratorOf(db, engine).migrateToLatest();
      if (!error) return;
      if (error instanceof DatabaseAwayError) throw error;
      const { unknown } = await migrationState(db, engine);
      throw unknown.length ? new CatalogVersionError(unknown) : error;
    },
    {
      backoff: BACKOFF.migration,
      mayPass: (error) => !(error instanceof DatabaseAwayError || error instanceof CatalogVersionError),
      attempts: ATTEMPTS,
    },
  );
}

/** How the tables differ from what this version of the code expects. Only reads. */
export async function migrationState(
  db: Kysely<never>,
  engine: Engine,
): Promise<{ readonly missing: readonly string[]; readonly unknown: readonly string[] }> {
  const names = Object.keys(migrationsFor(engine));
  const done = await executedMigrations(db);
  return {
    missing: names.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !names.includes(name)),
  };
}

async function executedMigrations(db: Kysely<never>): Promise<string[]> {
  const all = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!all.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}
