import { isId } from '../domain/index.js';
import { Rejection } from './rejection.js';
import { KINDS, type Kind, type TopicIds, topicEntry } from './topics.js';

/** A topic taken apart: its kind, and the ids that it holds. */
export type ParsedTopic = { [K in Kind]: { readonly kind: K } & TopicIds<K> }[Kind];

const isIdLevel = (level: string): boolean => level.startsWith('{');
const idName = (level: string): string => level.slice(1, -1);

const PATTERNS = KINDS.map((kind) => ({ kind, levels: topicEntry(kind).template.split('/') }));

/**
 * Takes a topic apart.
 *
 * @throws Refusal `bad-topic` if it is none of this contract, `bad-id` if an id in it cannot be one
 */
export function parseTopic(topic: string): ParsedTopic {
  const levels = topic.split('/');
  const pattern = PATTERNS.find(
    ({ levels: expected }) =>
      expected.length === levels.length &&
      expected.every((level, at) => isIdLevel(level) || level === levels[at]),
  );
  if (!pattern) throw new Rejection('bad-topic', `no topic of this contract: ${topic}`);
  const ids: Record<string, string> = {};
  for (const [at, level] of pattern.levels.entries()) {
    if (!isIdLevel(level)) continue;
    const id = levels[at];
    if (!isId(id)) {
      const right = 'needs 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit, without ".."';
      throw new Rejection('bad-id', `${idName(level)} ${right}, got "${id}"`, idName(level));
    }
    ids[idName(level)] = id;
  }
  return { kind: pattern.kind, ...ids } as ParsedTopic;
}

/** The ids of a trap's topic as far as they can be made out, for messages that were refused. Never throws. */
export function namesIn(topic: string): {
  readonly trapId?: string;
  readonly runId?: string;
  readonly cropId?: string;
} {
  const [root, version, trapId, runs, runId, crops, cropId] = topic.split('/');
  if (root !== 'traps' || version !== 'v1' || !isId(trapId)) return {};
  if (runs !== 'runs' || !isId(runId)) return { trapId };
  return crops === 'crops' && isId(cropId) ? { trapId, runId, cropId } : { trapId, runId };
}

/** The topic with its ids filled in, for instance `buildTopic('crop', { trapId, runId, cropId })`. */
export function buildTopic<K extends Kind>(kind: K, ids: TopicIds<K>): string {
  const values = ids as Readonly<Record<string, string>>;
  return topicEntry(kind).template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = values[name];
    if (!isId(id)) throw new RangeError(`${kind}: ${name} is no id: ${id}`);
    return id;
  });
}

const forEachKind = <T>(make: (kind: Kind) => T) =>
  Object.fromEntries(KINDS.map((kind) => [kind, make(kind)]));

/** A topic with a single id takes it bare too: `topicOf.last('trap-7')`. */
type TopicArgument<K extends Kind> = K extends 'alert'
  ? string | TopicIds<K>
  : 'trapId' extends keyof TopicIds<K>
    ? keyof TopicIds<K> extends 'trapId'
      ? string | TopicIds<K>
      : TopicIds<K>
    : never;

/**
 * Topics by kind: `topicOf.crop({ trapId, runId, cropId })`.
 *
 * @throws RangeError if an id cannot be one
 */
export const topicOf = forEachKind((kind) => (ids: string | TopicIds<Kind>) => {
  const [name = ''] = topicEntry(kind).template.match(/(?<=\{)\w+/) ?? [];
  return buildTopic<Kind>(kind, typeof ids === 'string' ? ({ [name]: ids } as TopicIds<Kind>) : ids);
}) as { readonly [K in Kind]: (ids: TopicArgument<K>) => string };

/** Subscription filters by kind, each id a `+`: `FILTER.crop` is `traps/v1/+/runs/+/crops/+`. */
export const FILTER = forEachKind((kind) => topicEntry(kind).template.replace(/\{\w+\}/g, '+')) as {
  readonly [K in Kind]: string;
};

/** All topics that traps publish on: what the service subscribes to. No two of them overlap. */
export const TRAP_FILTERS: readonly string[] = KINDS.filter(
  (kind) => topicEntry(kind).direction === 'trap-to-service',
).map((kind) => FILTER[kind]);
