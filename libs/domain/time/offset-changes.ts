import { offsetMinAt } from './time-zone.js';
import { MINUTE_MS } from './units.js';

/** From here on the clocks of a zone are so many minutes ahead of UTC. */
interface OffsetChange {
  readonly fromMs: number;
  readonly offsetMin: number;
}

/** Shorter than any time between two changes: Morocco's clocks change for the month of Ramadan. */
const STEP_MS = 7 * 86_400_000;
const MAX_REMEMBERED = 1_000;

const remembered = new Map<string, readonly OffsetChange[]>();

/**
 * The offsets of a zone over a stretch of time, in order; the first one holds from `fromMs` on.
 *
 * @throws RangeError if `timeZone` is not an IANA zone
 */
export function offsetChanges(timeZone: string, fromMs: number, untilMs: number): readonly OffsetChange[] {
  // Made for whole weeks, so that what was found once serves for a while.
  const endMs = Math.ceil(untilMs / STEP_MS) * STEP_MS;
  const key = `${timeZone} ${fromMs} ${endMs}`;
  let changes = remembered.get(key);
  if (!changes) {
    changes = findChanges(timeZone, fromMs, endMs);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, changes);
  }
  return changes;
}

function findChanges(timeZone: string, fromMs: number, endMs: number): OffsetChange[] {
  const changes = [{ fromMs, offsetMin: offsetMinAt(fromMs, timeZone) }];
  for (let atMs = fromMs; atMs < endMs; atMs += STEP_MS) {
    const offsetMin = offsetMinAt(atMs + STEP_MS, timeZone);
    if (offsetMin === changes.at(-1)?.offsetMin) continue;
    changes.push({ fromMs: firstMinuteOf(offsetMin, timeZone, atMs, atMs + STEP_MS), offsetMin });
  }
  return changes;
}

/** Halves the stretch until one minute is left: clocks change on full minutes. */
function firstMinuteOf(offsetMin: number, timeZone: string, fromMs: number, untilMs: number): number {
  let [before, after] = [Math.floor(fromMs / MINUTE_MS), Math.ceil(untilMs / MINUTE_MS)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMinAt(middle * MINUTE_MS, timeZone) === offsetMin) after = middle;
    else before = middle;
  }
  return after * MINUTE_MS;
}
