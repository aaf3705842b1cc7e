import { sql } from 'kysely';
import { type Db, type Flag, inChunks, number, runIn } from '../../libs/database/index.js';
import { HUMAN, type RunId } from '../../libs/domain/index.js';

const RUNS_AT_ONCE = 500;

export type FinalObservation = Awaited<ReturnType<typeof finalOfSome>>[number];

/**
 * The final observations of these runs, one for each model that has observed them, with what a point says of the run.
 * Where people have settled what a run shows, each of them says that. A run that people alone have spoken of has one, of
 * the model `HUMAN`.
 */
export async function finalObservations(db: Db, runs: readonly RunId[]): Promise<FinalObservation[]> {
  const rows: FinalObservation[] = [];
  for (const some of inChunks(runs, RUNS_AT_ONCE))
    rows.push(...(await finalOfSome(db, some)), ...(await ofPeopleAlone(db, some)));
  return rows;
}

/** What the point says of the run itself. */
const OF_THE_RUN = [
  'runs.trap_id',
  'runs.run_id',
  'runs.at_ms',
  'runs.start_ms',
  'runs.start_offset_min',
  'runs.end_ms',
  'runs.duration_s',
  'runs.clock_suspect',
] as const;

function finalOfSome(db: Db, runs: readonly RunId[]) {
  return db
    .selectFrom('observations')
    .innerJoin('runs', (join) =>
      join
        .onRef('runs.trap_id', '=', 'observations.trap_id')
        .onRef('runs.run_id', '=', 'observations.run_id'),
    )
    .select(OF_THE_RUN)
    .select([
      'observations.model',
      counts<string, 'label'>('label'),
      counts<string | null, 'taxon'>('taxon'),
      counts<Flag, 'insect'>('insect'),
      counts<number, 'probability'>('probability'),
      counts<Flag, 'unsure'>('unsure'),
      'observations.crops',
    ])
    .where(runIn(runs, 'observations'))
    .where('observations.final', '=', 1)
    .execute();
}

/** A person's verdict overrules that of every model. */
const counts = <T, C extends 'label' | 'taxon' | 'insect' | 'probability' | 'unsure'>(column: C) =>
  sql<T>`case when runs.reviewed = 1 then ${sql.ref(`runs.${column}`)} else ${sql.ref(`observations.${column}`)} end`.as(
    column,
  );

function ofPeopleAlone(db: Db, runs: readonly RunId[]) {
  return db
    .selectFrom('runs')
    .select(OF_THE_RUN)
    .select([
      sql<string>`${sql.lit(HUMAN)}`.as('model'),
      sql<string>`runs.label`.as('label'),
      'runs.taxon',
      sql<Flag>`runs.insect`.as('insect'),
      sql<number>`runs.probability`.as('probability'),
      sql<Flag>`runs.unsure`.as('unsure'),
      sql<number>`0`.as('crops'),
    ])
    .where(runIn(runs, 'runs'))
    .where(byPeopleAlone)
    .execute();
}

/** No model has observed the run, and nothing more is expected of it. */
const byPeopleAlone = sql<boolean>`(runs.reviewed = 1 and runs.label is not null and runs.state = 'complete'
  and not exists (select 1 from observations o where o.trap_id = runs.trap_id and o.run_id = runs.run_id))`;

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
    .innerJoin('runs', (join) =>
      join
        .onRef('runs.trap_id', '=', 'observations.trap_id')
        .onRef('runs.run_id', '=', 'observations.run_id'),
    )
    .select(sql<number>`count(*)`.as('observations'))
    .where('final', '=', 1)
    .where('at_ms', '>=', 0)
    .executeTakeFirst();
  const people = await db
    .selectFrom('runs')
    .select(sql<number>`count(*)`.as('runs'))
    .where(byPeopleAlone)
    .where('at_ms', '>=', 0)
    .executeTakeFirst();
  return number(row?.observations) + number(people?.runs);
}

/** Readings by the names of their points: a trap's id and milliseconds. */
export async function telemetryAt(
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

/** The last thing that kept points from InfluxDB, for operators. */
interface PointsError {
  readonly message: string;
  readonly sinceMs: number;
  /** Left out while it lasts. */
  readonly endedMs?: number;
}

export async function putPointsError(db: Db, trouble: PointsError): Promise<void> {
  const value = JSON.stringify(trouble);
  await db
    .insertInto('point_state')
    .values({ name: 'trouble', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

export async function lastPointsError(db: Db): Promise<PointsError | undefined> {
  const row = await db
    .selectFrom('point_state')
    .select('value')
    .where('name', '=', 'trouble')
    .executeTakeFirst();
  return row && (JSON.parse(row.value) as PointsError);
}
