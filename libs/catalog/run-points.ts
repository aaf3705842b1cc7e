import { sql } from 'kysely';
import type { RunId } from '../domain/index.js';
import { inChunks, number, runIn } from './keys.js';
import type { Db } from './schema.js';

const RUNS_AT_ONCE = 500;

export type FinalObservation = Awaited<ReturnType<typeof finalOfSome>>[number];

/** The final observations of these runs, one for each model that has observed them, with what a point says of the run. */
export async function finalObservations(db: Db, runs: readonly RunId[]): Promise<FinalObservation[]> {
  const rows: FinalObservation[] = [];
  for (const some of inChunks(runs, RUNS_AT_ONCE)) rows.push(...(await finalOfSome(db, some)));
  return rows;
}

function finalOfSome(db: Db, runs: readonly RunId[]) {
  return db
    .selectFrom('observations')
    .innerJoin('runs', (join) =>
      join
        .onRef('runs.trap_id', '=', 'observations.trap_id')
        .onRef('runs.run_id', '=', 'observations.run_id'),
    )
    .select([
      'runs.trap_id',
      'runs.run_id',
      'runs.at_ms',
      'runs.start_ms',
      'runs.start_offset_min',
      'runs.end_ms',
      'runs.duration_s',
      'runs.clock_suspect',
      'observations.model',
      'observations.label',
      'observations.taxon',
      'observations.insect',
      'observations.probability',
      'observations.crops',
      'observations.unsure',
    ])
    .where(runIn(runs, 'observations'))
    .where('observations.final', '=', 1)
    .execute();
}

/** The boxes of these runs' detections, relative to the frame. */
export async function boxesOf(
  db: Db,
  runs: readonly RunId[],
): Promise<{ readonly run: RunId; readonly box: readonly number[] }[]> {
  const boxes: { run: RunId; box: readonly number[] }[] = [];
  for (const some of inChunks(runs, RUNS_AT_ONCE)) {
    const rows = await db
      .selectFrom('detections')
      .select(['trap_id', 'run_id', 'box'])
      .where(runIn(some))
      .where('box', 'is not', null)
      .execute();
    for (const { trap_id: trapId, run_id: runId, box } of rows)
      boxes.push({ run: { trapId, runId }, box: JSON.parse(box as string) as number[] });
  }
  return boxes;
}

/** How many points InfluxDB should have of runs. */
export async function countFinalObservations(db: Db): Promise<number> {
  const row = await db
    .selectFrom('observations')
    .select(sql<number>`count(*)`.as('observations'))
    .where('final', '=', 1)
    .executeTakeFirst();
  return number(row?.observations);
}

/** Readings by the names of their points: a trap's id and milliseconds. */
export async function readingsAt(
  db: Db,
  readings: readonly { readonly trapId: string; readonly atMs: number }[],
) {
  if (!readings.length) return [];
  const rows = readings.map(({ trapId, atMs }) => sql`(${trapId}, ${sql.lit(atMs)})`);
  return db
    .selectFrom('telemetry')
    .selectAll()
    .where(sql<boolean>`(trap_id, at_ms) in (values ${sql.join(rows)})`)
    .execute();
}
