import { type RawBuilder, sql } from 'kysely';
import { atLeast } from '../domain/index.js';

/** What runs can be narrowed to. Labels, taxa and probabilities are those of the verdict that counts. */
export interface RunFilter {
  readonly trapId?: string | undefined;
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
}

/** What indexes have together, beside the time: a list of these finds its page at once, however many runs there are. */
const INDEXED: readonly (readonly (keyof RunFilter)[])[] = [
  [],
  ['trapId'],
  ['label'],
  ['taxon'],
  ['group'],
  ['trapId', 'label'],
  ['insectsOnly'],
  ['trapId', 'insectsOnly'],
  ['unsure'],
  ['reviewed'],
  ['state'],
];

/** False where a list may have to pass over many runs before it has found a page: such a list is for the scanner. */
export function isIndexed({ fromMs: _from, toMs: _to, timeKnown: _known, ...filter }: RunFilter): boolean {
  const { unsure, reviewed, state, insectsOnly, ...texts } = filter;
  // Most runs are neither unsure nor reviewed, and complete: there is no index of those.
  if (unsure === false || reviewed === false || state === 'complete') return false;
  const named = { ...texts, unsure, reviewed, state, insectsOnly: insectsOnly || undefined };
  const names = (Object.keys(named) as (keyof typeof named)[]).filter((name) => named[name] !== undefined);
  return INDEXED.some((each) => each.length === names.length && names.every((name) => each.includes(name)));
}

/** The condition on the columns of `runs` that a filter stands for. */
export function inFilter(filter: RunFilter): RawBuilder<boolean> {
  const { trapId, fromMs, toMs, label, taxon, group, minProbability } = filter;
  const sinceMs = fromMs === undefined && toMs === undefined ? undefined : Math.max(0, fromMs ?? 0);
  // Flags stand as literals: a partial index is used only where the statement says the same as the index.
  const conditions = [
    ...ofTrapAndLabel(trapId, label),
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
  ].filter((condition) => condition !== false);
  return conditions.length ? sql<boolean>`(${sql.join(conditions, sql` and `)})` : sql<boolean>`(1 = 1)`;
}

/** Both together as their index has them; no id holds a `/`. */
function ofTrapAndLabel(trapId: string | undefined, label: string | undefined) {
  if (trapId !== undefined && label !== undefined)
    return [sql`(runs.trap_id || '/' || runs.label) = ${`${trapId}/${label}`}`];
  return [
    trapId !== undefined && sql`runs.trap_id = ${trapId}`,
    label !== undefined && sql`runs.label = ${label}`,
  ];
}

const flag = (value: boolean) => sql.lit(value ? 1 : 0);
