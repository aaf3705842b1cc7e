import { setTimeout as delay } from 'node:timers/promises';
import { DAY_MS, MINUTE_MS, offsetMinAt } from '../../../libs/domain/index.js';
import type { Period, Season } from '../season/season.js';
import { session } from '../season/sessions.js';
import type { TrapPlayer } from './play-trap.js';
import { SimulatedTime } from './simulated-time.js';

const SESSION_MIN = 10;
const PAUSE_MS = 1000;

/**
 * Lets a trap record from now on, session after session, until it is stopped: day and night, so that whoever looks sees
 * something.
 *
 * @param runsPerMinute of this trap
 */
export async function playLive(
  season: Season,
  trapId: string,
  player: TrapPlayer,
  runsPerMinute: number,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    const period = periodFrom(Date.now(), season.timeZone);
    const time = new SimulatedTime(period.startMs, 1, stop);
    await player.session(session(season, trapId, period, runsPerMinute * SESSION_MIN), time, period.endMs);
    await delay(PAUSE_MS, undefined, { signal: stop }).catch(() => {});
  }
}

function periodFrom(startMs: number, timeZone: string): Period {
  const wallMs = startMs + offsetMinAt(startMs, timeZone) * MINUTE_MS;
  return {
    date: new Date(wallMs).toISOString().slice(0, 10),
    hour: (wallMs % DAY_MS) / (60 * MINUTE_MS),
    startMs,
    endMs: startMs + SESSION_MIN * MINUTE_MS,
    counter: Math.floor(startMs / 1000),
  };
}
