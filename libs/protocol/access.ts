import { isId } from '../domain/index.js';
import { Rejection } from './rejection.js';
import type { Topic } from './topic-names.js';
import { KINDS, topicEntry } from './topics.js';

/** Topics that a trap may read, as levels, its own id left open. */
const READABLE = KINDS.map((kind) => topicEntry(kind))
  .filter(({ template, direction }) => template.startsWith('traps/') && direction !== 'trap-to-service')
  .map(({ template }) => template.split('/'));

/** Where Home Assistant looks for devices unless it is told otherwise. */
export const DISCOVERY_PREFIX = 'homeassistant';

/** First levels below which people and dashboards may read. */
const VIEWER_ROOTS = [
  ['traps', 'v1'],
  ['alerts', 'v1'],
];

/**
 * Why that trap may not publish on a topic, or undefined where it may: its own trap → service topics, and nothing else.
 *
 * @returns Rejection `bad-topic`, `bad-id`, `foreign-topic` (another trap's) or `wrong-direction` (the service's)
 */
export function publishFault(trapId: string, { kind, ids, fault }: Topic): Rejection | undefined {
  if (fault) return fault;
  if (ids.trapId !== trapId) return new Rejection('foreign-topic');
  return topicEntry(kind).direction === 'trap-to-service' ? undefined : new Rejection('wrong-direction');
}

/**
 * Whether the trap may subscribe to `filter`: every topic that the filter can match must be one that the service
 * publishes for this very trap. `+` is fine in the place of an id (`…/runs/+/receipt`) and nowhere else; `#`
 * always reaches further than a trap may look, and so does `$share/…`.
 */
export function mayRead(trapId: string, filter: string): boolean {
  const levels = filter.split('/');
  if (!isId(trapId) || levels[2] !== trapId) return false;
  return READABLE.some(
    (readable) =>
      readable.length === levels.length &&
      readable.every((level, at) => {
        const asked = levels[at];
        if (level === '{trapId}') return asked === trapId;
        return level.startsWith('{') ? asked === '+' || isId(asked) : asked === level;
      }),
  );
}

/**
 * Whether an account that only reads (people, dashboards, Home Assistant) may subscribe to `filter`. It must
 * name the root: a bare `#` or `+/…` would reach other systems on a shared broker, `$…` the broker itself.
 *
 * A wildcard such as `traps/v1/#` also matches `info`, which holds the exact place of a trap: what is delivered
 * must pass {@link mayReceiveAsViewer} too. To ask for `info` alone is refused at once.
 *
 * @param discoveryPrefix below which Home Assistant looks for devices
 */
export function mayReadAsViewer(filter: string, discoveryPrefix: string = DISCOVERY_PREFIX): boolean {
  const levels = filter.split('/');
  const wellFormed = levels.every(
    (level, at) =>
      !level.includes('\0') &&
      (level === '+' || (level === '#' ? at === levels.length - 1 : !/[+#]/.test(level))),
  );
  const inRoot = [...VIEWER_ROOTS, discoveryPrefix.split('/')].some(
    (root) => levels.length > root.length && root.every((level, at) => levels[at] === level),
  );
  return wellFormed && inRoot && mayReceiveAsViewer(filter);
}

/** Whether a topic or a filter is of this trap alone, whatever stands for the rest. */
export const isOfTrap = (filter: string, trapId: string): boolean => filter.startsWith(`traps/v1/${trapId}/`);

/** Whether an account that only reads may publish on `topic`: only Home Assistant says there that it has started. */
export function mayPublishAsViewer(topic: string, discoveryPrefix: string = DISCOVERY_PREFIX): boolean {
  return topic === `${discoveryPrefix}/status`;
}

/** Whether a message on `topic` may be delivered to an account that must not see exact places. */
export function mayReceiveAsViewer(topic: string): boolean {
  const levels = topic.split('/');
  return !(levels[0] === 'traps' && levels.length === 4 && levels[3] === 'info');
}
