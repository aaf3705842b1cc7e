import { type Presence, readTime } from '../../libs/domain/index.js';
import type { listTraps } from './traps.repository.js';

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
