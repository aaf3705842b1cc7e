/** When something was taken, by the clock of the trap: local time, without a zone. */
export interface TakenAt {
  /** Microseconds since 1970, as if the figures were UTC: compares and sorts, and is no moment in time. */
  readonly micros: number;
  /** As it is published: `2026-05-03T13:05:12.123456`. */
  readonly at: string;
}

/**
 * All that insect-detect has ever written: `20260503_13-05-12.123456`, `2026-05-03_13-05-12-123456`, ISO 8601, whose
 * fraction is missing when the microseconds are 0, and folders that end with the minute.
 */
const TIME = /^(\d{4})(-?)(\d\d)\2(\d\d)[T_ ](\d\d)[:-](\d\d)(?:[:-](\d\d)(?:[.,-](\d{1,9}))?)?$/;

/** @returns undefined if `text` is no time; a wrong year is one all the same */
export function readTakenAt(text: string): TakenAt | undefined {
  const match = TIME.exec(text.trim());
  if (!match) return undefined;
  const part = (i: number) => Number(match[i] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(3), part(4), part(5), part(6), part(7)];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const isReal =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined;
  return takenAt(ms * 1000 + Number((match[8] ?? '').padEnd(6, '0').slice(0, 6)));
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
