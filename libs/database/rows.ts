import { type RawBuilder, sql } from 'kysely';
import type { CropId, RunId } from '../domain/index.js';

/** `(trap_id, run_id) in (…)`, answered by the primary key on both engines. */
export function runIn(runs: readonly RunId[], table = ''): RawBuilder<boolean> {
  const rows = runs.map((run) => sql`(${run.trapId}, ${run.runId})`);
  return sql`(${column(table, 'trap_id')}, ${column(table, 'run_id')}) in (values ${sql.join(rows)})`;
}

/** `(trap_id, run_id, crop_id) in (…)`, answered by the primary key on both engines. */
export function cropIn(crops: readonly CropId[]): RawBuilder<boolean> {
  const rows = crops.map((crop) => sql`(${crop.trapId}, ${crop.runId}, ${crop.cropId})`);
  return sql`(trap_id, run_id, crop_id) in (values ${sql.join(rows)})`;
}

/**
 * Rows of these traps, as a condition on the column with the id of the trap.
 *
 * @param trapIds undefined: of all traps; none: no row
 */
export function ofTraps(name: string, trapIds: readonly string[] | undefined): RawBuilder<boolean> {
  if (trapIds === undefined) return sql`(1 = 1)`;
  if (!trapIds.length) return sql`(1 = 0)`;
  const [only, ...others] = trapIds;
  // One trap as an equation: what follows it in an index is then in order.
  return others.length ? sql`${sql.ref(name)} in (${sql.join(trapIds)})` : sql`${sql.ref(name)} = ${only}`;
}

/** Cuts a list to what one statement takes: SQLite binds 32,766 values, PostgreSQL 65,535. */
export function* inChunks<T>(rows: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}

const column = (table: string, name: string) => sql.ref(table ? `${table}.${name}` : name);

export const runIdOf = (row: { trap_id: string; run_id: string }): RunId => ({
  trapId: row.trap_id,
  runId: row.run_id,
});
export const cropIdOf = (row: { trap_id: string; run_id: string; crop_id: string }): CropId => ({
  ...runIdOf(row),
  cropId: row.crop_id,
});
/** A number as JavaScript has it: PostgreSQL hands counts and sums over as text or null. */
export const number = (value: unknown): number => Number(value ?? 0);
