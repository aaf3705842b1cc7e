import { DAY_MS, MINUTE_MS } from './units.js';

/** Zone names come in with messages: this bounds what a stream of odd spellings can make us remember. */
const MAX_REMEMBERED_ZONES = 1_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Building a formatter takes a hundred times as long as using it, and each message with a naive time needs one. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    if (formatters.size >= MAX_REMEMBERED_ZONES) formatters.clear();
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** Whether `text` names an IANA time zone (`Europe/Berlin`, `UTC`). A bare offset like `+02:00` is no zone. */
export function isTimeZone(text: unknown): text is string {
  if (typeof text !== 'string' || !/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false;
  try {
    formatterOf(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Zones whose present name ICU does not give as the canonical one (CLDR keeps names for ever). Packages of the time zone
 * database without its old names know only the present ones; each of these is at least three years old.
 */
const PRESENT_NAMES: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

const OFFSET = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?00)?$/i;
const UTC_NAMES = /^(?:Etc\/)?(?:UTC|UCT|GMT|Z|Zulu|Universal|Greenwich)(?:[+-]?0)?$/i;

/**
 * The spelling of a time zone that every program knows which we hand it to: InfluxDB, PostgreSQL, Grafana, Java and Python
 * mind the case of names, and some know no old ones. Whole hours from UTC (`+02:00`, `GMT+2`) become the zones that the
 * database has for them, whose signs are the other way round (`Etc/GMT-2`).
 *
 * @returns undefined where the text names no zone, such as `+05:30`: there is none for parts of an hour
 */
export function canonicalZone(text: string): string | undefined {
  const name = text.trim();
  if (UTC_NAMES.test(name)) return 'UTC';
  const [, sign, digits] = OFFSET.exec(name) ?? [];
  if (sign) return offsetZone(sign, Number(digits));
  if (!isTimeZone(name)) return undefined;
  const known = formatterOf(name).resolvedOptions().timeZone;
  return PRESENT_NAMES[known] ?? known;
}

/** The database has zones from 12 hours behind UTC to 14 ahead. */
function offsetZone(sign: string, hours: number): string | undefined {
  if (hours === 0) return 'UTC';
  if (hours > (sign === '+' ? 14 : 12)) return undefined;
  return `Etc/GMT${sign === '+' ? '-' : '+'}${hours}`;
}

/**
 * Minutes that `timeZone` is ahead of UTC at that instant (120 for Berlin in summer).
 *
 * @throws RangeError if `timeZone` is not an IANA zone
 */
export function offsetMinAt(utcMs: number, timeZone: string): number {
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(formatterOf(timeZone).format(utcMs));
  if (!match) return 0;
  const [, sign, hours, minutes, seconds] = match;
  const offsetMin = Number(hours) * 60 + Number(minutes) + Math.round(Number(seconds ?? 0) / 60);
  return sign === '-' ? -offsetMin : offsetMin;
}

/**
 * The offset, in minutes, with which a clock on the wall in `timeZone` has to be read.
 *
 * Twice a year the wall clock alone does not tell. Both times the offset from before the change is taken:
 * an hour that comes twice means its first pass, and an hour that is skipped was shown by a clock that had not
 * been put forward yet.
 *
 * @param wallMs the wall clock's figures as if they were UTC
 * @throws RangeError if `timeZone` is not an IANA zone
 */
export function wallOffsetMin(wallMs: number, timeZone: string): number {
  const before = offsetMinAt(wallMs - DAY_MS, timeZone);
  const after = offsetMinAt(wallMs + DAY_MS, timeZone);
  if (before === after || offsetMinAt(wallMs - before * MINUTE_MS, timeZone) === before) return before;
  return offsetMinAt(wallMs - after * MINUTE_MS, timeZone) === after ? after : before;
}

/**
 * The offset of the second pass of an hour that comes twice; undefined for any other time on the wall.
 *
 * @param wallMs the wall clock's figures as if they were UTC
 * @throws RangeError if `timeZone` is not an IANA zone
 */
export function secondPassOffsetMin(wallMs: number, timeZone: string): number | undefined {
  const before = offsetMinAt(wallMs - DAY_MS, timeZone);
  const after = offsetMinAt(wallMs + DAY_MS, timeZone);
  const isTwice =
    before !== after &&
    offsetMinAt(wallMs - before * MINUTE_MS, timeZone) === before &&
    offsetMinAt(wallMs - after * MINUTE_MS, timeZone) === after;
  return isTwice ? after : undefined;
}
