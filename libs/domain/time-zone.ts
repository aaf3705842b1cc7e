const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

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
