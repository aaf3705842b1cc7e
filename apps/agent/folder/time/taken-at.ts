/** When something was taken, by the clock of the trap: local time, without a zone. */
export interface TakenAt {
  /** Microseconds since 1970, as if the figures were UTC: compares and sorts, and is no moment in time. */
  readonly micros: number;
  /** As it is published: `2026-05-03T13:05:12.123456`, with an offset where the clock showed it twice and the pass is known. */
  readonly at: string;
  /** Microseconds since 1970, UTC. Set only near a change of the clocks, where {@link micros} tells no lengths. */
  readonly utcMicros?: number;
}

/** A time in a table. What a spreadsheet has saved may be less precise than what the trap wrote. */
export interface TableTime extends TakenAt {
  /** The time lies in the microseconds from {@link TakenAt.micros} on; 1 = it is exact. */
  readonly spanMicros: number;
}

/**
 * All that insect-detect has ever written: `20260503_13-05-12.123456`, `2026-05-03_13-05-12-123456`, ISO 8601, whose
 * fraction is missing when the microseconds are 0, and folders that end with the minute.
 */
const TIME = /^(\d{4})(-?)(\d\d)\2(\d\d)([T_ ])(\d\d)[:-](\d\d)(?:[:-](\d\d)(?:[.,-](\d{1,9}))?)?$/;

/** @returns undefined if `text` is no time; a wrong year is one all the same */
export function readTakenAt(text: string): TakenAt | undefined {
  const match = TIME.exec(text.trim());
  if (!match) return undefined;
  const part = (i: number) => Number(match[i] ?? 0);
  const fraction = Number((match[9] ?? '').padEnd(6, '0').slice(0, 6));
  return timeOf([part(1), part(3), part(4)], [part(6), part(7), part(8)], fraction);
}

const CLOCK = String.raw`(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([AP])\.?M\.?)?`;
const YEAR_FIRST = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})[T, ]+${CLOCK}$`, 'i');
const YEAR_LAST = new RegExp(`^(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4}|\\d\\d)[T, ]+${CLOCK}$`, 'i');
const SERIAL = /^(\d{5})[.,](\d{3,10})$/;
const DAY_MICROS = 86_400e6;
/** Day 0 of spreadsheets, 1899-12-30. */
const SERIAL_0_MICROS = Date.UTC(1899, 11, 30) * 1000;

/**
 * Reads a time as a trap writes it, or as a spreadsheet has saved it: `04.05.2026 13:05`, `5/4/2026 1:05 PM`,
 * `46146.5452`.
 *
 * @param near tells day from month where both are possible: the start of the session
 */
export function readTableTime(text: string, near: TakenAt): TableTime | undefined {
  const distance = (time: TakenAt) => Math.abs(time.micros - near.micros);
  return tableTimes(text).sort((a, b) => distance(a) - distance(b))[0];
}

/** All that a time in a table can mean: both, where it is open which is the day and which the month. */
export function tableTimes(text: string): TableTime[] {
  const trimmed = text.replace(/[\s\u00a0\u202f]+/g, ' ').trim();
  const written = TIME.exec(trimmed);
  if (written && written[5] !== ' ') {
    const taken = readTakenAt(trimmed);
    const digits = written[9]?.length;
    // Python leaves out a fraction of 0 and otherwise writes all six digits. Old folders end with the minute.
    const isExact = digits === undefined || digits >= 6;
    return taken ? [{ ...taken, spanMicros: isExact ? 1 : 10 ** (6 - digits) }] : [];
  }
  const serial = SERIAL.exec(trimmed);
  if (serial) {
    const days = Number(`${serial[1]}.${serial[2]}`);
    const half = DAY_MICROS / 10 ** (serial[2] as string).length / 2;
    const micros = Math.round(SERIAL_0_MICROS + days * DAY_MICROS - half);
    return [{ ...takenAt(micros), spanMicros: Math.ceil(2 * half) }];
  }
  const yearFirst = YEAR_FIRST.exec(trimmed);
  if (yearFirst) {
    const [, year, month, day, ...clock] = yearFirst;
    return reformatted([[year, month, day]], clock);
  }
  const yearLast = YEAR_LAST.exec(trimmed);
  if (!yearLast) return [];
  const [, first, separator, second, year, ...clock] = yearLast;
  const whole = (year as string).length === 2 ? `20${year}` : year;
  const dayFirst = [whole, second, first] as const;
  // Only the slash has both orders.
  return reformatted(separator === '/' ? [dayFirst, [whole, first, second]] : [dayFirst], clock);
}

type Cells = readonly (string | undefined)[];

function reformatted(dates: readonly Cells[], clock: Cells): TableTime[] {
  const [hour, minute, second, fraction, half] = clock;
  const isPm = half?.toLowerCase() === 'p';
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (isPm ? 12 : 0);
  const spanMicros =
    second === undefined ? 60e6 : fraction === undefined ? 1e6 : 10 ** Math.max(0, 6 - fraction.length);
  const micros = Number((fraction ?? '').padEnd(6, '0').slice(0, 6));
  return dates.flatMap(([year, month, day]) => {
    const date = [Number(year), Number(month), Number(day)] as const;
    const taken = timeOf(date, [hours, Number(minute), Number(second ?? 0)], micros);
    return taken ? [{ ...taken, spanMicros }] : [];
  });
}

function timeOf(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number],
  micros: number,
): TakenAt | undefined {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const isReal =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined;
  return takenAt(ms * 1000 + micros);
}

/** How long it is from one time to another, in microseconds. */
export const elapsedMicros = (from: TakenAt, to: TakenAt): number =>
  (to.utcMicros ?? to.micros) - (from.utcMicros ?? from.micros);

/** What time it is some microseconds after another. */
export function later(from: TakenAt, micros: number): TakenAt {
  if (from.utcMicros === undefined) return takenAt(from.micros + micros);
  const utcMicros = from.utcMicros + micros;
  return { micros: from.micros + micros, utcMicros, at: `${takenAt(utcMicros).at}Z` };
}

export function takenAt(micros: number): TakenAt {
  const ms = Math.floor(micros / 1000);
  const text = new Date(ms).toISOString().slice(0, -1);
  return { micros, at: `${text}${String(micros - ms * 1000).padStart(3, '0')}` };
}

/** The id of a crop: `20260503T130512.123456`. Sorts in time order, and can be turned back. */
export const cropIdAt = (micros: number): string => takenAt(micros).at.replace(/[-:]/g, '');

/** @returns undefined where the id is none of {@link cropIdAt} */
export function microsOf(cropId: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{6})$/.exec(cropId) ?? [];
  if (fraction === undefined) return undefined;
  return readTakenAt(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}`)?.micros;
}

/** For the ids of sessions and runs: `20260503T130000`. */
export const secondsText = ({ at }: TakenAt): string => at.slice(0, 19).replace(/[-:]/g, '');
