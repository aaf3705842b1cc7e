import { type Kysely, type RawBuilder, sql } from 'kysely';

/** Column types that the two engines write differently. */
export interface EngineTypes {
  readonly blob: RawBuilder<unknown>;
  /** Texts are compared by code point, so that pages, smallest ids and JavaScript agree on one order. */
  readonly text: RawBuilder<unknown>;
}

export type Engine = 'sqlite' | 'postgres';

export const ENGINE_TYPES: Record<Engine, EngineTypes> = {
  sqlite: { blob: sql`blob`, text: sql`text` },
  postgres: { blob: sql`bytea`, text: sql`text collate "C"` },
};

/**
 * Runs statements that can be repeated: SQLite commits them one by one, so a start can be killed between two of them.
 */
export async function runAll(db: Kysely<never>, statements: readonly RawBuilder<unknown>[]): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
