import type { z } from 'zod';
import { type Presence, presenceState, readTime, type Trap } from '../../libs/domain/index.js';
import { isoOrNull } from '../http/index.js';
import type { TRAP } from './traps.schema.js';

/**
 * What is known of whether a trap is there. One that has an account and never spoke is as old as its first mention.
 *
 * @param timeZone of traps that have said none
 */
export function presenceOf(trap: Trap, timeZone: string): Presence {
  const lastMessageAtMs = trap.lastMessageAtMs ?? trap.firstSeenAtMs;
  const until = trap.status?.['until'];
  const read =
    typeof until === 'string'
      ? readTime(until, trap.timeZone ?? timeZone, trap.stateAtMs ?? lastMessageAtMs)
      : undefined;
  return { state: trap.state, lastMessageAtMs, sleepsUntilMs: read?.utcMs };
}

/** Whether a trap does its work, in one word. */
export function presenceView(
  trap: Trap,
  presence: Presence,
  nowMs: number,
): z.output<typeof TRAP>['presence'] {
  const state = () => {
    if (trap.removedAtMs !== null) return 'removed';
    if (trap.lastMessageAtMs === null) return 'never';
    return presenceState(presence, nowMs);
  };
  const { sleepsUntilMs = null } = presence;
  return { state: state(), until: presence.state === 'sleeping' ? isoOrNull(sleepsUntilMs) : null };
}
