import type { z } from 'zod';
import { type Presence, presenceState, readTime } from '../../libs/domain/index.js';
import { isoOrNull } from '../http/index.js';
import type { listTraps } from './traps.repository.js';
import type { TRAP } from './traps.schema.js';

type TrapRow = Awaited<ReturnType<typeof listTraps>>[number];

/**
 * What is known of whether a trap is there. One that has an account and never spoke is as old as its first mention.
 *
 * @param timeZone of traps that have said none
 */
export function presenceOf(trap: TrapRow, timeZone: string): Presence {
  const lastMessageAtMs = Number(trap.last_message_at ?? trap.first_seen_at);
  const { until } = JSON.parse(trap.status ?? '{}') as { until?: unknown };
  const read =
    typeof until === 'string'
      ? readTime(until, trap.time_zone ?? timeZone, Number(trap.state_at ?? lastMessageAtMs))
      : undefined;
  return { state: trap.state, lastMessageAtMs, sleepsUntilMs: read?.utcMs };
}

/** Whether a trap does its work, in one word. */
export function presenceView(
  trap: TrapRow,
  presence: Presence,
  nowMs: number,
): z.output<typeof TRAP>['presence'] {
  const state = () => {
    if (trap.removed_at !== null) return 'removed';
    if (trap.last_message_at === null) return 'never';
    return presenceState(presence, nowMs);
  };
  const { sleepsUntilMs = null } = presence;
  return { state: state(), until: presence.state === 'sleeping' ? isoOrNull(sleepsUntilMs) : null };
}
