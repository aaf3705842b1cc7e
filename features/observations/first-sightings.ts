import { type Insertable, type Selectable, sql } from 'kysely';
import {
  type Catalog,
  type Db,
  type FirstSightingsTable,
  findState,
  ofTraps,
  putState,
} from '../../libs/database/index.js';
import {
  DAY_MS,
  type FirstSighting,
  firstKindAfter,
  firstSightings,
  type Run,
  type Sighting,
  sightedTaxon,
  withGenus,
} from '../../libs/domain/index.js';
import { buildAlert, topicOf } from '../../libs/protocol/index.js';
import { enqueueForSender, eventPoint, noteChange, putInOutbox } from '../outbox/index.js';

export type FirstSightingRow = Selectable<FirstSightingsTable>;

const DUE_AT_ONCE = 100;
/** All sightings of each are read in one transaction. */
const PAST_TAXA_AT_ONCE = 4;
/** No run has this id: of a taxon of the past all runs are looked at. */
const ALL_RUNS = '';

/**
 * The verdict or the time of a run has changed: what it is or was a sighting of is looked at again, in the background.
 *
 * @param isNews whether a first sighting by this run would be announced
 */
export async function sightingsDue(
  tx: Db,
  before: Pick<Run, 'trapId' | 'runId' | 'taxon' | 'rank'>,
  after: Pick<Run, 'taxon' | 'rank'>,
  isNews: boolean,
): Promise<void> {
  const taxa = new Set([before, after].flatMap(({ taxon, rank }) => sightedTaxon(taxon, rank) ?? []));
  for (const taxon of new Set([...taxa].flatMap(withGenus)))
    await tx
      .insertInto('sightings_due')
      .values({ trap_id: before.trapId, taxon, run_id: before.runId, news: isNews ? 1 : 0 })
      .onConflict((conflict) =>
        conflict.columns(['trap_id', 'taxon', 'run_id']).doUpdateSet({
          news: sql`case when sightings_due.news > excluded.news then sightings_due.news else excluded.news end`,
        }),
      )
      .execute();
}

/**
 * Finds the first sightings that are due; when there are none, some of a catalog with runs from before first sightings
 * were kept.
 *
 * @param minCrops crops that a run must have to be a sighting, unless a person has said what it shows
 * @returns whether there is more to do at once
 */
export async function followSightings(catalog: Catalog, minCrops: number, nowMs: number): Promise<boolean> {
  const { db, reader } = catalog;
  const due = await reader.selectFrom('sightings_due').selectAll().limit(DUE_AT_ONCE).execute();
  if (!due.length) return enqueuePastSightings(catalog, nowMs);
  await db.transaction().execute(async (tx) => {
    for (const { trap_id: trapId, taxon, run_id: runId } of due) {
      const taken = await tx
        .deleteFrom('sightings_due')
        .where('trap_id', '=', trapId)
        .where('taxon', '=', taxon)
        .where('run_id', '=', runId)
        .returning('news')
        .executeTakeFirst();
      if (!taken) continue;
      const look: Look = { tx, trapId, taxon, runId, minCrops, news: taken.news === 1, nowMs };
      if (!(await isRoutine(look))) await reconcile(look);
    }
  });
  return due.length === DUE_AT_ONCE;
}

/**
 * Queues the next taxa whose first sightings were never looked for, without news: nothing is announced. Once for each
 * catalog; a kill costs nothing, since the cursor moves with what it queues.
 */
async function enqueuePastSightings({ db, reader, scanner }: Catalog, nowMs: number): Promise<boolean> {
  const { after, endedAtMs } = (await findState(reader, 'past-sightings')) ?? {};
  if (endedAtMs !== undefined) return false;
  const page = await scanner
    .selectFrom('runs')
    .select(['trap_id', 'taxon', sql<string | null>`min(rank)`.as('rank')])
    .where('insect', '=', sql.lit(1))
    .where('unsure', '=', sql.lit(0))
    .where(sql<boolean>`(trap_id, taxon) > (${after?.trapId ?? ''}, ${after?.taxon ?? ''})`)
    .where('taxon', 'is not', null)
    .groupBy(['trap_id', 'taxon'])
    .orderBy('trap_id')
    .orderBy('taxon')
    .limit(PAST_TAXA_AT_ONCE)
    .execute();
  await db.transaction().execute(async (tx) => {
    for (const { trap_id, taxon, rank } of page) {
      const run = { trapId: trap_id, runId: ALL_RUNS, taxon, rank };
      await sightingsDue(tx, run, run, false);
    }
    const last = page.at(-1);
    await putState(
      tx,
      'past-sightings',
      last ? { after: { trapId: last.trap_id, taxon: last.taxon ?? '' } } : { endedAtMs: nowMs },
    );
  });
  return page.length > 0;
}

interface Look {
  readonly tx: Db;
  readonly trapId: string;
  readonly taxon: string;
  /** The run that gave reason to look. */
  readonly runId: string;
  readonly minCrops: number;
  readonly news: boolean;
  readonly nowMs: number;
}

/** True where the run changes nothing: the taxon was seen shortly before, and nothing that is known comes behind it. */
async function isRoutine(look: Look): Promise<boolean> {
  const { tx, trapId, taxon, runId } = look;
  const run = await tx
    .selectFrom('runs')
    .select(['at_ms', 'start_offset_min'])
    .where('trap_id', '=', trapId)
    .where('run_id', '=', runId)
    .executeTakeFirst();
  if (!run) return false;
  const touched = await tx
    .selectFrom('first_sightings')
    .select('id')
    .where('trap_id', '=', trapId)
    .where('taxon', '=', taxon)
    .where(sql<boolean>`(run_id = ${runId} or at_ms >= ${sql.lit(run.at_ms)})`)
    .limit(1)
    .executeTakeFirst();
  if (touched) return false;
  const [before] = await sightingsOf(look)
    .where('at_ms', '<', run.at_ms)
    .where('run_id', '<>', runId)
    .orderBy('at_ms', 'desc')
    .limit(1)
    .execute();
  return (
    before !== undefined &&
    firstKindAfter(asSighting(before), asSighting({ ...before, ...run })) === undefined
  );
}

/** Sure and final sightings of a taxon and all below it, of known time. */
function sightingsOf({ tx, taxon, minCrops, trapId }: Look) {
  return tx
    .selectFrom('runs')
    .select(['run_id', 'taxon', 'rank', 'taxon_group', 'at_ms', 'start_offset_min'])
    .where('trap_id', '=', trapId)
    .where('insect', '=', sql.lit(1))
    .where('unsure', '=', sql.lit(0))
    .where('at_ms', '>=', 0)
    .where(isUnder(taxon))
    .where(isSure(minCrops));
}

/** A space and `!` follow each other: between them is whatever begins with the name and a space. */
const isUnder = (taxon: string) =>
  sql<boolean>`(taxon = ${taxon} or (taxon >= ${`${taxon} `} and taxon < ${`${taxon}!`}))`;

const isSure = (minCrops: number) => sql<boolean>`(reviewed = 1 or (stored_crops >= ${sql.lit(minCrops)}
  and exists (select 1 from observations o where o.trap_id = runs.trap_id and o.run_id = runs.run_id
    and o.model = runs.model and o.final = 1)))`;

type SeenRow = Awaited<ReturnType<ReturnType<typeof sightingsOf>['execute']>>[number];

function asSighting(row: SeenRow): Sighting {
  const atMs = Number(row.at_ms);
  return {
    runId: row.run_id,
    taxon: sightedTaxon(row.taxon, row.rank) ?? '',
    atMs,
    year: yearOf(atMs, row.start_offset_min),
  };
}

const yearOf = (atMs: number, offsetMin: number | null): number =>
  new Date(atMs + (offsetMin ?? 0) * 60_000).getUTCFullYear();

/** Makes what is kept of the taxon's first sightings what it should be by now, and tells of what has changed. */
async function reconcile(look: Look): Promise<void> {
  const { tx, trapId, taxon, runId, news, nowMs } = look;
  const rows = await sightingsOf(look).orderBy('at_ms').orderBy('run_id').execute();
  const rowOf = new Map(rows.map((row) => [row.run_id, row]));
  const known = await tx
    .selectFrom('first_sightings')
    .selectAll()
    .where('trap_id', '=', trapId)
    .where('taxon', '=', taxon)
    .orderBy('at_ms')
    .execute();
  const left = new Set(known);
  for (const first of firstSightings(taxon, rows.map(asSighting))) {
    const before = [...left].find((row) => isSame(row, first));
    if (before) left.delete(before);
    const seen = rowOf.get(first.runId);
    const isNew = !before || before.state === 'withdrawn';
    if (before && !isNew && before.run_id === first.runId && Number(before.at_ms) === first.atMs) continue;
    const isAnnounced =
      before?.announced === 1 || (first.runId === runId ? news : await isDueAsNews(look, first.runId));
    const row = {
      id: before?.id ?? `${trapId}.${taxon.replaceAll(' ', '_')}.${first.kind}.${dayOf(first.atMs)}`,
      trap_id: trapId,
      taxon,
      rank: taxon.includes(' ') ? 'species' : 'genus',
      taxon_group: seen?.taxon_group ?? null,
      kind: first.kind,
      run_id: first.runId,
      at_ms: first.atMs,
      last_before_ms: first.lastBeforeMs ?? null,
      first_anywhere:
        before?.first_anywhere ?? (first.kind === 'ever' && (await isFirstAnywhere(look, first)) ? 1 : 0),
      state: 'standing' as const,
      announced: isAnnounced ? (1 as const) : (0 as const),
      reason: null,
      noted_at: before?.noted_at ?? nowMs,
      changed_at: nowMs,
    };
    await put(tx, row, isNew ? 'opened' : 'updated');
  }
  for (const row of left)
    if (row.state === 'standing')
      await put(tx, { ...row, state: 'withdrawn', reason: GONE, changed_at: nowMs }, 'withdrawn');
}

/** The turn of that run is still to come: it must not have become the first unannounced by then. */
async function isDueAsNews({ tx, trapId, taxon }: Look, runId: string): Promise<boolean> {
  const due = await tx
    .selectFrom('sightings_due')
    .select('news')
    .where('trap_id', '=', trapId)
    .where('taxon', '=', taxon)
    .where('run_id', '=', runId)
    .executeTakeFirst();
  return due?.news === 1;
}

const GONE = 'what it rested on was corrected, or an earlier sighting became known';

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '');

/** The first of a season stays the same one when it moves within it. */
function isSame(row: FirstSightingRow, first: FirstSighting): boolean {
  if (row.kind !== first.kind) return false;
  if (row.run_id === first.runId || first.kind === 'ever') return true;
  const isOfYear = Math.abs(yearOf(Number(row.at_ms), 0) - first.year) === 0;
  return first.kind === 'season' ? isOfYear : Math.abs(Number(row.at_ms) - first.atMs) < 30 * DAY_MS;
}

/** No other trap had seen it before. */
async function isFirstAnywhere(
  { tx, taxon, trapId, minCrops }: Look,
  { atMs }: FirstSighting,
): Promise<boolean> {
  const elsewhere = await tx
    .selectFrom('runs')
    .select('run_id')
    .where('trap_id', '<>', trapId)
    .where('insect', '=', sql.lit(1))
    .where('unsure', '=', sql.lit(0))
    .where('at_ms', '>=', 0)
    .where('at_ms', '<', atMs)
    .where(isUnder(taxon))
    .where(isSure(minCrops))
    .limit(1)
    .executeTakeFirst();
  return elsewhere === undefined;
}

/** Keeps it; what was found in the past is kept only, and nobody is told. */
async function put(
  tx: Db,
  row: Insertable<FirstSightingsTable>,
  change: 'opened' | 'updated' | 'withdrawn',
): Promise<void> {
  const { id, noted_at: _noted, ...columns } = row;
  await tx
    .insertInto('first_sightings')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
  await noteChange(tx, { kind: 'sighting', trap_id: row.trap_id, item: id, state: row.state });
  if (row.announced === 0) return;
  const iso = (atMs: number) => new Date(Number(atMs)).toISOString();
  const payload = buildAlert({
    id,
    state: change,
    trap: row.trap_id,
    taxon: row.taxon,
    rank: row.rank ?? undefined,
    group: row.taxon_group ?? undefined,
    kind: row.kind,
    run: row.run_id,
    start: iso(row.at_ms),
    lastBefore: row.last_before_ms == null ? undefined : iso(row.last_before_ms),
    firstAnywhere: row.first_anywhere === 1,
    reason: row.reason ?? undefined,
    at: iso(row.changed_at),
  });
  await putInOutbox(tx, [
    { kind: 'alert', key: id, topic: topicOf.alert('first-sighting'), retain: 0, payload },
  ]);
  await noteOnCharts(tx, row);
}

async function noteOnCharts(tx: Db, row: Insertable<FirstSightingsTable>): Promise<void> {
  const event = { trap_id: row.trap_id, kind: 'first-sighting' as const, item: row.id };
  await tx
    .deleteFrom('trap_events')
    .where('trap_id', '=', event.trap_id)
    .where('kind', '=', event.kind)
    .where('item', '=', event.item)
    .execute();
  if (row.state === 'standing')
    await tx
      .insertInto('trap_events')
      .values({ ...event, at_ms: row.at_ms, text: textOf(row) })
      .execute();
  await enqueueForSender(tx, [eventPoint(event)]);
}

function textOf({ taxon, kind, at_ms, last_before_ms }: Insertable<FirstSightingsTable>): string {
  if (kind === 'ever') return `first sighting of ${taxon}`;
  if (kind === 'season') return `first sighting of ${taxon} this year`;
  return `first sighting of ${taxon} after ${Math.floor((at_ms - (last_before_ms ?? at_ms)) / DAY_MS)} days`;
}

interface FirstSightingFilter {
  readonly trapIds?: readonly string[] | undefined;
  readonly taxon?: string | undefined;
  readonly kind?: FirstSightingRow['kind'] | undefined;
  readonly state?: FirstSightingRow['state'] | undefined;
  readonly announced?: boolean | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** First sightings, newest first. */
export async function listFirstSightings(
  db: Db,
  filter: FirstSightingFilter,
  limit: number,
  after?: { readonly atMs: number; readonly id: string },
): Promise<FirstSightingRow[]> {
  const { trapIds, taxon, kind, state, announced, fromMs, toMs } = filter;
  const rows = await db
    .selectFrom('first_sightings')
    .selectAll()
    .where(ofTraps('trap_id', trapIds))
    .$if(taxon !== undefined, (query) => query.where('taxon', '=', taxon as string))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind as FirstSightingRow['kind']))
    .$if(state !== undefined, (query) => query.where('state', '=', state as FirstSightingRow['state']))
    .$if(announced !== undefined, (query) => query.where('announced', '=', announced ? 1 : 0))
    .$if(fromMs !== undefined, (query) => query.where('at_ms', '>=', fromMs as number))
    .$if(toMs !== undefined, (query) => query.where('at_ms', '<', toMs as number))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(at_ms, id) < (${sql.lit(after?.atMs ?? 0)}, ${after?.id})`),
    )
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, at_ms: Number(row.at_ms) }));
}
