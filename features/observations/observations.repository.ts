import type { Insertable, Selectable } from 'kysely';
import type { Db, ObservationsTable } from '../../libs/database/index.js';
import type { Observation, RunId } from '../../libs/domain/index.js';

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

/** An observation as the catalog keeps it. */
export function asRow(
  run: RunId,
  model: string,
  observation: Observation,
  said: { final: boolean; revision: number; observedAtMs: number },
): ObservationRow {
  return {
    trap_id: run.trapId,
    run_id: run.runId,
    model,
    label: observation.label,
    taxon: observation.taxon ?? null,
    rank: observation.rank ?? null,
    taxon_group: observation.group ?? null,
    insect: observation.insect ? 1 : 0,
    probability: observation.probability,
    top1_prob_mean: observation.top1ProbMean,
    top1_crops: observation.top1Crops,
    crops: observation.crops,
    unsure: observation.unsure ? 1 : 0,
    reason: observation.reason ?? null,
    rolled_up: observation.rolledUp ? 1 : 0,
    ranking: JSON.stringify(observation.ranking),
    final: said.final ? 1 : 0,
    revision: said.revision,
    observed_at: said.observedAtMs,
  };
}

/** True where nothing but revision and time would change: then nothing is written and nobody is told. */
export function saysTheSame(before: ObservationRow, next: ObservationRow): boolean {
  const { revision: _r1, observed_at: _o1, ...old } = before;
  const { revision: _r2, observed_at: _o2, ...now } = next;
  return (Object.keys(now) as (keyof typeof now)[]).every((key) => old[key] === now[key]);
}
