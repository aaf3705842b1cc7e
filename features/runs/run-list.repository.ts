import { type RawBuilder, sql } from 'kysely';
import { type Db, ofTraps, runIdOf, runIn } from '../../libs/database/index.js';
import { atLeast, type RunId } from '../../libs/domain/index.js';

/** Where a page of runs ended. */
export interface RunCursor extends RunId {
  readonly atMs: number;
}

/** Runs with the observation that counts, newest first: one row per run. Page 10,000 costs what page 1 costs. */
export function listRuns(db: Db, filter: RunFilter, limit: number, after?: RunCursor) {
  return runsWithObservation(db)
    .where(inFilter(filter))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(runs.at_ms, runs.trap_id, runs.run_id) < (${after?.atMs}, ${after?.trapId}, ${after?.runId})`,
      ),
    )
    .orderBy('runs.at_ms', 'desc')
    .orderBy('runs.trap_id', 'desc')
    .orderBy('runs.run_id', 'desc')
    .limit(limit)
    .execute();
}

/** All runs of a filter, newest first, in pages of at most `size`: for downloads, with the memory of one page. */
export async function* pagesOfRuns(
  db: Db,
  filter: RunFilter,
  size: number,
): AsyncGenerator<readonly RunWithObservation[]> {
  let after: RunCursor | undefined;
  for (;;) {
    const page = await listRuns(db, filter, size, after);
    const last = page.at(-1);
    if (last) yield page;
    if (!last || page.length < size) return;
    after = { ...runIdOf(last), atMs: last.at_ms };
  }
}

/** One run as `listRuns` gives it, or undefined. */
export function findRun(db: Db, run: RunId) {
  return runsWithObservation(db)
    .where('runs.trap_id', '=', run.trapId)
    .where('runs.run_id', '=', run.runId)
    .executeTakeFirst();
}

export type RunWithObservation = NonNullable<Awaited<ReturnType<typeof findRun>>>;

function runsWithObservation(db: Db) {
  return db
    .selectFrom('runs')
    .leftJoin('observations', (join) =>
      join
        .onRef('observations.trap_id', '=', 'runs.trap_id')
        .onRef('observations.run_id', '=', 'runs.run_id')
        .onRef('observations.model', '=', 'runs.model'),
    )
    .selectAll('runs')
    .select([
      'observations.top1_prob_mean',
      'observations.top1_crops',
      'observations.crops as voting_crops',
      'observations.reason',
      'observations.rolled_up',
      'observations.ranking',
      'observations.final',
      'observations.observed_at',
      // What the model says, whatever people made of it.
      'observations.label as observed_label',
      'observations.taxon as observed_taxon',
      'observations.rank as observed_rank',
      'observations.taxon_group as observed_group',
      'observations.probability as observed_probability',
      'observations.insect as observed_insect',
      'observations.unsure as observed_unsure',
    ]);
}

/** The first crop of each of these runs that has a picture still: the one a list shows. */
export async function firstCrops(
  db: Db,
  runs: readonly RunId[],
): Promise<{ trap_id: string; run_id: string; crop_id: string }[]> {
  if (!runs.length) return [];
  const rows = await db
    .selectFrom('crops')
    .select(['trap_id', 'run_id', sql<string>`min(crop_id)`.as('crop_id')])
    .where(runIn(runs))
    .where('removed_at', 'is', null)
    .groupBy(['trap_id', 'run_id'])
    .execute();
  return rows;
}

/** All crops of a run in time order, with what `model` and the trap's detector said of each. */
export async function cropsOfRun(db: Db, run: RunId, model: string | null) {
  const crops = await db
    .selectFrom('crops')
    .leftJoin('classifications', (join) =>
      join
        .onRef('classifications.trap_id', '=', 'crops.trap_id')
        .onRef('classifications.run_id', '=', 'crops.run_id')
        .onRef('classifications.crop_id', '=', 'crops.crop_id')
        .on('classifications.model', '=', model ?? ''),
    )
    .leftJoin('detections', (join) =>
      join
        .onRef('detections.trap_id', '=', 'crops.trap_id')
        .onRef('detections.run_id', '=', 'crops.run_id')
        .onRef('detections.crop_id', '=', 'crops.crop_id'),
    )
    .select([
      'crops.crop_id',
      'crops.stage',
      'crops.format',
      'crops.bytes',
      'crops.sha256',
      'crops.width',
      'crops.height',
      'crops.truncated',
      'crops.received_at',
      'crops.removed_at',
      'crops.damaged_at',
      'classifications.ranked',
      'classifications.code',
      'classifications.classified_at',
      'detections.at_ms',
      'detections.confidence',
      'detections.box',
      'detections.entry',
    ])
    .where('crops.trap_id', '=', run.trapId)
    .where('crops.run_id', '=', run.runId)
    .orderBy('crops.crop_id')
    .execute();
  // Ids are as good as times, but for an hour that comes twice: many bear what the trap's clock showed.
  return crops.every(({ at_ms }) => at_ms !== null)
    ? crops.sort((a, b) => Number(a.at_ms) - Number(b.at_ms))
    : crops;
}

/** What runs can be narrowed to. Labels, taxa and probabilities are those of the verdict that counts. */
export interface RunFilter {
  /** Of these traps; an empty list finds nothing. */
  readonly trapIds?: readonly string[] | undefined;
  /** Milliseconds since 1970, UTC; `fromMs` is included, `toMs` is not. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly label?: string | undefined;
  /** The very name: `Apidae` finds what was settled as Apidae, not its species. */
  readonly taxon?: string | undefined;
  readonly group?: string | undefined;
  /** In [0, 1]. A run that is not classified has none, and is left out. */
  readonly minProbability?: number | undefined;
  readonly unsure?: boolean | undefined;
  /** Whether a person's verdict stands. */
  readonly reviewed?: boolean | undefined;
  /** Leaves out what is no insect, and what is not classified yet. */
  readonly insectsOnly?: boolean | undefined;
  readonly state?: 'open' | 'complete' | undefined;
  /** Whether it is known when the run took place. Runs of unknown time are in no span of time. */
  readonly timeKnown?: boolean | undefined;
  /** Key of the model whose observation counts. */
  readonly model?: string | undefined;
  /** Whether the run is a first sighting that stands. */
  readonly firstSighting?: boolean | undefined;
  /** Id of an episode: the visits of its group at its trap, from its start to its end. */
  readonly episodeId?: string | undefined;
  /** Waits for a person: uncertain, a first sighting, or evidence of an open episode; and not reviewed. */
  readonly attention?: boolean | undefined;
}

/** What indexes have together, beside the time: a list of these finds its page at once, however many runs there are. */
const INDEXED: readonly (readonly (keyof RunFilter)[])[] = [
  [],
  ['trapIds'],
  ['label'],
  ['taxon'],
  ['group'],
  ['trapIds', 'label'],
  ['insectsOnly'],
  ['trapIds', 'insectsOnly'],
  ['unsure'],
  ['reviewed'],
  ['state'],
];

/** False where a list may have to pass over many runs before it has found a page: such a list is for the scanner. */
export function isIndexed({ fromMs: _from, toMs: _to, timeKnown: _known, ...filter }: RunFilter): boolean {
  const { unsure, reviewed, state, insectsOnly, ...texts } = filter;
  // Runs of several traps are in no index in the order of time.
  if (filter.trapIds !== undefined && filter.trapIds.length > 1) return false;
  // Most runs are neither unsure nor reviewed, and complete: there is no index of those.
  if (unsure === false || reviewed === false || state === 'complete') return false;
  const named = { ...texts, unsure, reviewed, state, insectsOnly: insectsOnly || undefined };
  const names = (Object.keys(named) as (keyof typeof named)[]).filter((name) => named[name] !== undefined);
  return INDEXED.some((each) => each.length === names.length && names.every((name) => each.includes(name)));
}

/** The condition on the columns of `runs` that a filter stands for. */
export function inFilter(filter: RunFilter): RawBuilder<boolean> {
  const { trapIds, fromMs, toMs, label, taxon, group, minProbability } = filter;
  const sinceMs = fromMs === undefined && toMs === undefined ? undefined : Math.max(0, fromMs ?? 0);
  // Flags stand as literals: a partial index is used only where the statement says the same as the index.
  const conditions = [
    ...ofTrapsAndLabel(trapIds, label),
    sinceMs !== undefined && sql`runs.at_ms >= ${sinceMs}`,
    toMs !== undefined && sql`runs.at_ms < ${toMs}`,
    taxon !== undefined && sql`runs.taxon = ${taxon}`,
    group !== undefined && sql`runs.taxon_group = ${group}`,
    minProbability !== undefined && sql`runs.probability >= ${atLeast(minProbability)}`,
    filter.model !== undefined && sql`runs.model = ${filter.model}`,
    filter.unsure !== undefined && sql`runs.unsure = ${flag(filter.unsure)}`,
    filter.reviewed !== undefined && sql`runs.reviewed = ${flag(filter.reviewed)}`,
    filter.insectsOnly === true && sql`runs.insect = 1`,
    filter.timeKnown !== undefined && (filter.timeKnown ? sql`runs.at_ms >= 0` : sql`runs.at_ms < 0`),
    filter.state !== undefined && sql`runs.state = ${sql.lit(filter.state)}`,
    filter.firstSighting !== undefined &&
      (filter.firstSighting ? IS_FIRST_SIGHTING : sql`not ${IS_FIRST_SIGHTING}`),
    ...(filter.episodeId === undefined ? [] : ofEpisode(filter.episodeId)),
    filter.attention !== undefined &&
      sql`(case when ${NEEDS_PERSON} then 1 else 0 end) = ${flag(filter.attention)}`,
  ].filter((condition) => condition !== false);
  return conditions.length ? sql<boolean>`(${sql.join(conditions, sql` and `)})` : sql<boolean>`(1 = 1)`;
}

const IS_FIRST_SIGHTING = sql`(runs.trap_id, runs.run_id) in (
  select f.trap_id, f.run_id from first_sightings f where f.state = 'standing')`;

const IS_EVIDENCE = sql`exists (select 1 from episodes e where e.state = 'open' and e.trap_id = runs.trap_id
  and runs.at_ms >= e.start_ms and runs.at_ms < e.end_ms and e.taxon_group in ('all', runs.taxon_group))`;

const NEEDS_PERSON = sql`(runs.insect = 1 and runs.reviewed = 0
  and (runs.unsure = 1 or ${IS_FIRST_SIGHTING} or ${IS_EVIDENCE}))`;

/** Each part is looked up once, so that the index of the trap's runs gives the span of time. */
function ofEpisode(id: string): RawBuilder<unknown>[] {
  const column = (name: string) => sql`(select ${sql.ref(name)} from episodes where id = ${id})`;
  return [
    sql`runs.insect = 1`,
    sql`runs.trap_id = ${column('trap_id')}`,
    sql`runs.at_ms >= ${column('start_ms')}`,
    sql`runs.at_ms < ${column('end_ms')}`,
    sql`${column('taxon_group')} in ('all', runs.taxon_group)`,
  ];
}

/** Both together as their index has them; no id holds a `/`. */
function ofTrapsAndLabel(trapIds: readonly string[] | undefined, label: string | undefined) {
  if (trapIds?.length === 1 && label !== undefined)
    return [sql`(runs.trap_id || '/' || runs.label) = ${`${trapIds[0]}/${label}`}`];
  return [
    trapIds !== undefined && ofTraps('runs.trap_id', trapIds),
    label !== undefined && sql`runs.label = ${label}`,
  ];
}

const flag = (value: boolean) => sql.lit(value ? 1 : 0);
