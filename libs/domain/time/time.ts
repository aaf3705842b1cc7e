import { secondPassOffsetMin, wallOffsetMin } from './time-zone.js';
import { MINUTE_MS } from './units.js';

const CLOCK_AHEAD_MS = 24 * 60 * MINUTE_MS;
const YEAR_2000_MS = Date.UTC(2000, 0, 1);
/** Before it, in the year 2248, a number of milliseconds has room for microseconds behind its point. */
const MICROS_UNTIL_MS = 2 ** 43;

/** A time as a trap sent it, and what it means. */
export interface DeviceTime {
  /** Milliseconds since 1970, UTC; finer digits are cut off and remain in `sent`. */
  readonly utcMs: number;
  /** The offset that was used, in minutes east of UTC. */
  readonly offsetMin: number;
  /** True when the text bore no zone and was read in the deployment's. */
  readonly naive: boolean;
  /** True when the clock cannot be right; the time is kept all the same. */
  readonly clockSuspect: boolean;
  readonly sent: string;
  /** Of a naive time in an hour that comes twice: what it means in its second pass. Above stands the first. */
  readonly secondPass?: { readonly utcMs: number; readonly offsetMin: number };
}

/** ISO 8601, extended or basic, `T` or a space between, with or without zone. */
const ISO =
  /^(\d{4})(-?)(\d\d)\2(\d\d)[Tt ](\d\d)(:?)(\d\d)(?:\6(\d\d)(?:[.,](\d{0,9}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** insect-detect's own: `20260601_08-00-03.250000` in old metadata, `2026-06-01_14-28-08-008893` in file names. */
const INSECT_DETECT = /^(\d{4})(-?)(\d\d)\2(\d\d)_(\d\d)(-)(\d\d)-(\d\d)(?:[.-](\d{0,9}))?$/;

interface WallClock {
  /** The figures as if they were UTC, in milliseconds. */
  readonly wallMs: number;
  /** What is below the millisecond, 0 to 999 microseconds. */
  readonly micros: number;
  readonly zone: string | undefined;
}

function readWallClock(text: string): WallClock | undefined {
  const match = ISO.exec(text) ?? INSECT_DETECT.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = [1, 3, 4, 5, 7, 8].map((at) => Number(match[at] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // A leap second is the only time with :60; it counts as the first moment of the next minute.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  // Date.UTC would take the year 26 for 1926.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const fraction = (match[9] ?? '').padEnd(6, '0');
  const wallMs = date.setUTCHours(hour, minute, second, Number(fraction.slice(0, 3)));
  return { wallMs, micros: Number(fraction.slice(3, 6)), zone: match[10] };
}

/** Minutes east of UTC of `Z`, `+02`, `+0200` or `+02:00`; undefined beyond a day's worth. */
function readOffsetMin(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return undefined;
  const offsetMin = hours * 60 + minutes;
  return zone[0] === '-' ? -offsetMin : offsetMin;
}

/** Whether {@link readTime} can read `text`, whatever the zone. A date alone is no time. */
export function isTimeText(text: string): boolean {
  const clock = readWallClock(text);
  return clock !== undefined && (clock.zone === undefined || readOffsetMin(clock.zone) !== undefined);
}

/**
 * A time of a trap that is kept to the millisecond, with the microseconds of the text that it was read from. They hold
 * whatever zone the text is read in and whatever correction has moved the time since, as both move it by whole
 * milliseconds.
 *
 * @param sent as the trap sent it; anything that is no time has no microseconds
 * @returns milliseconds since 1970, with a fraction; as `atMs` is from the year 2248 on
 */
export function withMicros(atMs: number, sent: unknown): number {
  if (typeof sent !== 'string' || Math.abs(atMs) >= MICROS_UNTIL_MS) return atMs;
  return atMs + (readWallClock(sent)?.micros ?? 0) / 1000;
}

/** A device clock more than 24 h ahead of the receipt, or before 2000, cannot be right. Days late is normal. */
export function isClockSuspect(utcMs: number, receivedAtMs: number): boolean {
  return utcMs > receivedAtMs + CLOCK_AHEAD_MS || utcMs < YEAR_2000_MS;
}

/**
 * Reads a time that a trap sent. A wrong clock never fails: it is flagged.
 *
 * @param text ISO 8601 with or without zone and with 0 to 9 digits of fraction, or one of insect-detect's two
 * @param timeZone IANA zone of the deployment, for a text without zone; see {@link wallOffsetMin} for the two
 *   nights a year when a naive time is in doubt
 * @param receivedAtMs when the message came, milliseconds since 1970
 * @returns undefined if `text` is no time at all
 * @throws RangeError if a naive time meets a `timeZone` that is not an IANA zone
 */
export function readTime(text: string, timeZone: string, receivedAtMs: number): DeviceTime | undefined {
  const clock = readWallClock(text);
  if (!clock) return undefined;
  const naive = clock.zone === undefined;
  const offsetMin =
    clock.zone === undefined ? wallOffsetMin(clock.wallMs, timeZone) : readOffsetMin(clock.zone);
  if (offsetMin === undefined) return undefined;
  const utcMs = clock.wallMs - offsetMin * MINUTE_MS;
  const time = { utcMs, offsetMin, naive, clockSuspect: isClockSuspect(utcMs, receivedAtMs), sent: text };
  const secondMin = naive ? secondPassOffsetMin(clock.wallMs, timeZone) : undefined;
  if (secondMin === undefined) return time;
  const secondPass = { utcMs: clock.wallMs - secondMin * MINUTE_MS, offsetMin: secondMin };
  return { ...time, secondPass };
}
