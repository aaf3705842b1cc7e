import { buildMessage, topicOf } from '../../../libs/protocol/index.js';
import { Random } from '../random.js';
import type { Reading, Season, Session } from '../season/season.js';
import { timeText } from '../season/timetable.js';
import type { Outgoing } from './outgoing.js';

/** An invented meadow: the traps stand in rows of ten. */
const MEADOW = { latitude: 51.2, longitude: 10.4, step: 0.004 };

/** Who the trap is; it says in every field that it is not real. */
export function infoMessage(season: Season, trapId: string): Outgoing {
  const at = Math.max(0, season.trapIds.indexOf(trapId));
  return buildMessage(
    'info',
    { trapId },
    {
      name: `Simulated trap ${at + 1}`,
      timeZone: season.timeZone,
      latitude: MEADOW.latitude + MEADOW.step * Math.floor(at / 10),
      longitude: MEADOW.longitude + MEADOW.step * (at % 10),
      software: 'Trapline simulator',
      camera: 'none',
      detector: 'none',
    },
  );
}

/** @param untilMs when a sleeping trap means to be back */
export function statusMessage(
  season: Season,
  { trapId, clock }: Pick<Session, 'trapId' | 'clock'>,
  state: 'online' | 'sleeping',
  atMs: number,
  untilMs?: number,
): Outgoing {
  const say = (ms: number) => timeText(clock, ms, season.timeZone);
  const until = untilMs === undefined ? undefined : say(untilMs);
  return buildMessage('status', { trapId }, { state, at: say(atMs), until });
}

export const offlineMessage = (trapId: string): Outgoing =>
  buildMessage('status', { trapId }, { state: 'offline' });

/** At the start of a session; with `whole`, again at its end. */
export function sessionMessage(season: Season, session: Session, whole: boolean): Outgoing {
  const say = (ms: number) => timeText(session.clock, ms, season.timeZone);
  const [first, last] = [session.readings[0], session.readings.at(-1)];
  const start = { start: say(session.startMs), chargeStart: first?.batteryPct };
  return buildMessage('session', session, {
    ...start,
    ...(whole && { end: say(session.endMs), minutes: minutesOf(session), chargeEnd: last?.batteryPct }),
  });
}

export const minutesOf = ({ startMs, endMs }: Session): number => Math.round((endMs - startMs) / 6000) / 10;

export function readingMessage(season: Season, { trapId, clock }: Session, reading: Reading): Outgoing {
  const { atMs, batteryPct, temperatureC, diskFreeMb, broken } = reading;
  const at = timeText(clock, atMs, season.timeZone);
  if (broken) {
    // Some power boards tell their level with a word.
    const payload = JSON.stringify({ v: 1, at, batteryPct: 'USB_C_IN' });
    return { topic: topicOf.telemetry(trapId), payload, retain: false, refusedAs: 'bad-payload' };
  }
  const cpuTemperatureC = Math.round(temperatureC + new Random(trapId, atMs).between(20, 30));
  return buildMessage(
    'telemetry',
    { trapId },
    {
      at,
      batteryPct,
      powerSource: 'solar',
      temperatureC,
      cpuTemperatureC,
      diskFreeMb,
    },
  );
}
