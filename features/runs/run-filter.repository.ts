import { type RawBuilder, sql } from 'kysely';
import { ofTraps } from '../../libs/database/index.js';
import { atLeast } from '../../libs/domain/index.js';

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
