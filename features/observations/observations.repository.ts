import type { Selectable } from 'kysely';
import type { Db, ObservationsTable } from '../../libs/database/index.js';
import type { ModelObservation, Run, RunId } from '../../libs/domain/index.js';
import { toObservation, toRun } from '../runs/index.js';

type ObservationRow = Selectable<ObservationsTable>;

export async function findObservation(
  db: Db,
  run: RunId,
  model: string,
): Promise<ModelObservation | undefined> {
  const row = await db
    .selectFrom('observations')
    .selectAll()
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('model', '=', model)
    .executeTakeFirst();
  return row && toObservation(row);
}

/** One observation per run and model: said again, it replaces the earlier one. */
export async function putObservation(tx: Db, run: RunId, observation: ModelObservation): Promise<void> {
  const columns = columnsOf(observation);
  await tx
    .insertInto('observations')
    .values({ trap_id: run.trapId, run_id: run.runId, ...columns })
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id', 'model']).doUpdateSet(columns))
    .execute();
}

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
export async function newestResult(db: Db, trapId: string): Promise<Run | undefined> {
  const row = await db
    .selectFrom('runs')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('label', 'is not', null)
    .orderBy('at_ms', 'desc')
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toRun(row);
}

const columnsOf = (observation: ModelObservation): Omit<ObservationRow, 'trap_id' | 'run_id'> => ({
  model: observation.model,
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
  final: observation.final ? 1 : 0,
  revision: observation.revision,
  observed_at: observation.observedAtMs,
});

/** True where nothing but revision and time would change: then nothing is written and nobody is told. */
export function saysTheSame(before: ModelObservation, next: ModelObservation): boolean {
  const [old, now] = [before, next].map((each) => columnsOf({ ...each, revision: 0, observedAtMs: 0 }));
  return JSON.stringify(old) === JSON.stringify(now);
}
