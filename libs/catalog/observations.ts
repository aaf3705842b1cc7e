import type { Insertable, Selectable } from 'kysely';
import type { RunId } from '../domain/index.js';
import type { Db, ObservationsTable } from './schema.js';

export type ObservationRow = Selectable<ObservationsTable>;

export function findObservation(db: Db, run: RunId, model: string): Promise<ObservationRow | undefined> {
  return db
    .selectFrom('observations')
    .selectAll()
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('model', '=', model)
    .executeTakeFirst();
}

/** One observation per run and model: said again, it replaces the earlier one. */
export async function putObservation(tx: Db, row: Insertable<ObservationsTable>): Promise<void> {
  const { trap_id: _trap, run_id: _run, model: _model, ...rest } = row;
  await tx
    .insertInto('observations')
    .values(row)
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id', 'model']).doUpdateSet(rest))
    .execute();
}

/** The verdict of an observation, as the row of its run has it. */
export const counted = (row: Insertable<ObservationsTable>) => ({
  model: row.model,
  revision: row.revision,
  label: row.label,
  taxon: row.taxon ?? null,
  rank: row.rank ?? null,
  taxon_group: row.taxon_group ?? null,
  probability: row.probability,
  insect: row.insect,
  unsure: row.unsure,
});

/** True where the trap has a verdict on a later run. */
export async function hasNewerResult(db: Db, trapId: string, atMs: number): Promise<boolean> {
  const row = await db
    .selectFrom('runs')
    .select('run_id')
    .where('trap_id', '=', trapId)
    .where('at_ms', '>', atMs)
    .where('label', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The trap's newest run on which there is a verdict. */
export function newestResult(db: Db, trapId: string) {
  return db
    .selectFrom('runs')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('label', 'is not', null)
    .orderBy('at_ms', 'desc')
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
