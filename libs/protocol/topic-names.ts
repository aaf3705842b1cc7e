import { isId } from '../domain/index.js';
import { Rejection } from './rejection.js';
import { KINDS, type Kind, type TopicIds, topicEntry } from './topics.js';

type IdName = { [K in Kind]: keyof TopicIds<K> }[Kind];
type Ids = { readonly [Name in IdName]?: string };

/**
 * What the topic of a message says. It is read once, when the message arrives, and goes with the message from there on.
 * Of a topic that is none of this contract the ids are there as far as they can be made out.
 */
export type Topic =
  | { readonly kind: Kind; readonly ids: Ids; readonly fault?: undefined }
  /** `fault`: `bad-topic` or `bad-id`. */
  | { readonly kind?: undefined; readonly ids: Ids; readonly fault: Rejection };

const isIdLevel = (level: string): boolean => level.startsWith('{');
const idName = (level: string): IdName => level.slice(1, -1) as IdName;

const PATTERNS = KINDS.map((kind) => ({ kind, levels: topicEntry(kind).template.split('/') }));

/** Reads a topic. Never throws. */
export function readTopic(text: string): Topic {
  const levels = text.split('/');
  const pattern = PATTERNS.find(
    ({ levels: expected }) =>
      expected.length === levels.length &&
      expected.every((level, at) => isIdLevel(level) || level === levels[at]),
  );
  if (!pattern) return { ids: idsIn(levels), fault: unknownTopic(text) };
  const ids: { [Name in IdName]?: string } = {};
  for (const [at, level] of pattern.levels.entries()) {
    if (isIdLevel(level)) ids[idName(level)] = levels[at];
  }
  return checkIds(pattern.kind, ids);
}

/** The topic of a message that comes another way than over MQTT, with its ids as they came. */
export function topicWith(kind: Kind, ids: Ids): { readonly topic: string; readonly parsed: Topic } {
  const topic = fill(kind, (name) => ids[name] ?? '');
  const isOther = Object.values(ids).some((id) => id?.includes('/'));
  return {
    topic,
    parsed: isOther ? { ids: idsIn(topic.split('/')), fault: unknownTopic(topic) } : checkIds(kind, ids),
  };
}

const unknownTopic = (topic: string) => new Rejection('bad-topic', `no topic of this contract: ${topic}`);

function checkIds(kind: Kind, ids: Ids): Topic {
  const good: { [Name in IdName]?: string } = {};
  for (const [name, id] of Object.entries(ids)) {
    if (!isId(id)) {
      const right = 'needs 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit, without ".."';
      return { ids: good, fault: new Rejection('bad-id', `${name} ${right}, got "${id}"`, name) };
    }
    good[name as IdName] = id;
  }
  return { kind, ids };
}

/**
 * Takes a topic apart.
 *
 * @throws Rejection `bad-topic` if it is none of this contract, `bad-id` if an id in it cannot be one
 */
export function parseTopic(text: string): { readonly kind: Kind } & Ids {
  const { kind, ids, fault } = readTopic(text);
  if (fault) throw fault;
  return { kind, ...ids };
}

/** Ids down to the first that cannot be one. */
function idsIn([root, version, trapId, runs, runId, crops, cropId]: readonly string[]): Ids {
  if (root !== 'traps' || version !== 'v1' || !isId(trapId)) return {};
  if (runs !== 'runs' || !isId(runId)) return { trapId };
  return crops === 'crops' && isId(cropId) ? { trapId, runId, cropId } : { trapId, runId };
}

/** The topic with its ids filled in, for instance `buildTopic('crop', { trapId, runId, cropId })`. */
export function buildTopic<K extends Kind>(kind: K, ids: TopicIds<K>): string {
  return fill(kind, (name) => {
    const id = (ids as Ids)[name];
    if (!isId(id)) throw new RangeError(`${kind}: ${name} is no id: ${id}`);
    return id;
  });
}

const fill = (kind: Kind, idOf: (name: IdName) => string): string =>
  topicEntry(kind).template.replace(/\{(\w+)\}/g, (_, name: string) => idOf(name as IdName));

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
