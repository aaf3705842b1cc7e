import { language } from './words.js';

const locale = () => (language.value === 'de' ? 'de-DE' : 'en-GB');
const NO_BREAK = '\u00a0';

/** Making a formatter costs more than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();
function kept<T extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => T): T {
  const known = formats.get(key) as T | undefined;
  if (known) return known;
  const made = make();
  formats.set(key, made);
  return made;
}

const numbers = (options: Intl.NumberFormatOptions = {}) =>
  kept(`n${locale()}${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale(), options));

const times = (zone: string, options: Intl.DateTimeFormatOptions) =>
  kept(
    `t${locale()}${zone}${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(locale(), { timeZone: zone, hourCycle: 'h23', ...options }),
  );

/** @param least digits behind the point, where several numbers stand below each other */
export const number = (value: number, digits = 0, least = 0): string =>
  numbers({ maximumFractionDigits: digits, minimumFractionDigits: least }).format(value);

/** "71 %", and "< 1 %" for what would be rounded to nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return `<${NO_BREAK}1${NO_BREAK}%`;
  return `${number(Math.round(share * 100))}${NO_BREAK}%`;
}

/** A share of a length: "3.1 %". */
export const percentOf = (share: number): string => `${number(share * 100, 1)}${NO_BREAK}%`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytes(value: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), UNITS.length - 1);
  const scaled = value / 1000 ** power;
  return `${number(scaled, power > 0 && scaled < 10 ? 1 : 0)}${NO_BREAK}${UNITS[power]}`;
}

/** "19 h 40 min" */
export function minutes(value: number): string {
  const whole = Math.round(value);
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  const parts = [hours ? `${number(hours)}${NO_BREAK}h` : '', rest || !hours ? `${rest}${NO_BREAK}min` : ''];
  return parts.filter(Boolean).join(NO_BREAK);
}

/** "33 s", "2 min 5 s" */
export function seconds(value: number): string {
  if (value < 60) return `${number(value, value < 10 ? 1 : 0)}${NO_BREAK}s`;
  const whole = Math.round(value);
  const rest = whole % 60;
  if (whole >= 3600) return minutes(whole / 60);
  return `${Math.floor(whole / 60)}${NO_BREAK}min${rest ? `${NO_BREAK}${rest}${NO_BREAK}s` : ''}`;
}

/** "14:38", by the clock of that zone */
export const clock = (instant: string | Date, zone: string, withSeconds = false): string =>
  times(zone, {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds && { second: '2-digit' }),
  }).format(new Date(instant));

type DateStyle =
  | 'weekday'
  | 'short-weekday'
  | 'day-of-week'
  | 'day-of-week-short'
  | 'narrow'
  | 'numeric-day'
  | 'weekday-day'
  | 'day'
  | 'short'
  | 'month'
  | 'full';
const DATES: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  weekday: { weekday: 'long', day: 'numeric', month: 'long' },
  'short-weekday': { weekday: 'short', day: 'numeric', month: 'short' },
  'day-of-week': { weekday: 'long' },
  'day-of-week-short': { weekday: 'short' },
  narrow: { weekday: 'narrow' },
  'numeric-day': { day: 'numeric' },
  'weekday-day': { weekday: 'short', day: 'numeric' },
  day: { day: 'numeric', month: 'long' },
  month: { month: 'long' },
  short: { day: 'numeric', month: 'short' },
  full: { day: 'numeric', month: 'long', year: 'numeric' },
};

/** A date at an instant, by the clock of that zone. */
export const date = (instant: string | Date, zone: string, style: DateStyle = 'weekday'): string =>
  times(zone, DATES[style]).format(new Date(instant));

/** The same for a calendar day, such as `2026-07-16`. */
export const day = (text: string, style: DateStyle = 'weekday'): string =>
  date(`${text}T12:00:00Z`, 'UTC', style);

/** "10–16 July", with as little repeated as the language allows. */
export const days = (from: string, to: string): string =>
  times('UTC', { day: 'numeric', month: 'short' }).formatRange(
    new Date(`${from}T12:00:00Z`),
    new Date(`${to}T12:00:00Z`),
  );

/** The calendar day at an instant: `2026-07-16`. */
export function dayOf(instant: string | Date, zone: string): string {
  const parts = kept(
    `d${zone}`,
    () =>
      new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }),
  );
  return parts.format(new Date(instant));
}

export const addDays = (text: string, count: number): string =>
  new Date(Date.parse(`${text}T12:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);

/** The instant at which a calendar day begins in a zone. */
export const startOfDay = (text: string, zone: string): string => instantOf(`${text}T00:00`, zone);

/** The instant of a local time, such as `2026-07-16T14:38`, by the clock of a zone. */
export function instantOf(local: string, zone: string): string {
  const utc = Date.parse(`${local}Z`);
  // The offset at that time: taken twice, since the first guess may lie on the other side of a change.
  let at = utc;
  for (let round = 0; round < 2; round += 1) at = utc - offsetMs(new Date(at), zone);
  return new Date(at).toISOString();
}

/** The other way: `2026-07-16T14:38`, as a field for a local time takes it. */
export function localOf(instant: string | Date, zone: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() + offsetMs(at, zone)).toISOString().slice(0, 16);
}

function offsetMs(at: Date, zone: string): number {
  const text = kept(
    `o${zone}`,
    () =>
      new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      }),
  ).format(at);
  return Date.parse(`${text.replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000;
}

/** "UTC+2", for a number of minutes ahead of UTC */
export function offset(aheadMin: number): string {
  if (aheadMin === 0) return 'UTC';
  const sign = aheadMin < 0 ? '−' : '+';
  const min = Math.abs(aheadMin) % 60;
  return `UTC${sign}${Math.floor(Math.abs(aheadMin) / 60)}${min ? `:${String(min).padStart(2, '0')}` : ''}`;
}

/** How long ago, in the largest unit that fits: "41 hours", "3 days". */
export function duration(ms: number): string {
  const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  const [unit, size] = units.find(([, each]) => ms >= 2 * each) ?? ['minute', 60_000];
  return numbers({ style: 'unit', unit, unitDisplay: 'long' }).format(Math.max(Math.floor(ms / size), 1));
}

export const range = (low: number, high: number): string => `${number(low)}–${number(high)}`;
