import { isTimeZone, MINUTE_MS, offsetMinAt, SECOND_MS } from '../../libs/domain/index.js';
import type { Cell, Column } from '../downloads/index.js';

/** A row of a table; a column that is left out stays empty. */
export type Row<Name extends string> = Readonly<Partial<Record<Name, Cell>>>;

/** Every column in its place, whether a row has it or not. */
export const columnsOf = <Name extends string>(names: readonly Name[]): Column<Row<Name>>[] =>
  names.map((name) => ({ name, of: (row) => row[name] }));

/** A text that somebody wrote, in one line. */
export const oneLine = (text: string | null | undefined): string | undefined =>
  text?.replace(/[\s\p{Cc}]+/gu, ' ').trim() || undefined;

export const joinSentences = (...parts: readonly (string | false | null | undefined)[]): string | undefined =>
  parts.filter(Boolean).join(' ') || undefined;

const DIGITS = 6;

/** A number in digits, never as a power of ten. Six decimals of a degree are 11 cm. */
export const decimal = (value: number): number => Number(value.toFixed(DIGITS)) + 0;

/** A probability; a model's own arithmetic may be a trace beyond the ends of [0, 1]. */
export const share = (value: number): number => decimal(Math.min(1, Math.max(0, value)));

/** `key:value|key:value` of what is known. */
export function tags(
  known: Readonly<Record<string, string | number | null | undefined>>,
): string | undefined {
  const pairs = Object.entries(known)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(
      ([key, value]) =>
        `${key}:${String(value)
          .replace(/[|\s\p{Cc}]+/gu, ' ')
          .trim()}`,
    );
  return pairs.length ? pairs.join('|') : undefined;
}

/**
 * A time as the exchange formats take it: to the second, since milliseconds are refused, and with its zone. What is
 * behind the second is cut off, so that the order of times stays.
 *
 * @param offsetMin minutes east of UTC
 */
export function isoSeconds(atMs: number, offsetMin = 0): string {
  const wallMs = Math.floor(atMs / SECOND_MS) * SECOND_MS + offsetMin * MINUTE_MS;
  return `${new Date(wallMs).toISOString().slice(0, 19)}${zone(offsetMin)}`;
}

export const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** Minutes east of UTC in a time zone; 0 where none is known. */
export const offsetAt = (atMs: number, timeZone: string | null): number =>
  isTimeZone(timeZone) ? offsetMinAt(atMs, timeZone) : 0;

function zone(offsetMin: number): string {
  if (offsetMin === 0) return 'Z';
  const [hours, minutes] = [Math.floor(Math.abs(offsetMin) / 60), Math.abs(offsetMin) % 60];
  return `${offsetMin < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
} /** What the exchange formats call that which was seen. */
type ObservationTypeName = 'animal' | 'blank' | 'unknown' | 'unclassified';

export interface ObservationType {
  readonly type: ObservationTypeName;
  readonly scientificName?: string | undefined;
  readonly rank?: string | undefined;
}

/** A verdict on a run or a crop. */
interface Verdict {
  readonly label: string | null;
  readonly taxon?: string | null | undefined;
  readonly rank?: string | null | undefined;
  readonly insect: boolean;
  readonly unsure: boolean;
}

/** Labels for a picture with nothing on it: `none_bg`, `none_dirt`, `none_shadow`, `background`. */
const NOTHING = /^(none_|background$)/;
const BIRDS: ObservationType = { type: 'animal', scientificName: 'Aves', rank: 'class' };

/**
 * What a verdict means there. An unsure one names a candidate at most, so it names nothing here; an insect without a
 * taxon is an animal without a name.
 */
export function observationTypeOf({ label, taxon, rank, insect, unsure }: Verdict): ObservationType {
  if (unsure) return { type: 'unknown' };
  if (label === null) return { type: 'unclassified' };
  if (taxon) return { type: 'animal', scientificName: taxon, rank: rank ?? undefined };
  if (label === 'none_bird') return BIRDS;
  if (NOTHING.test(label)) return { type: 'blank' };
  return { type: insect ? 'animal' : 'unknown' };
}
