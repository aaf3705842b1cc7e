import type { Cell, Column } from '../downloads/csv.js';

/** A row of a table; a column that is left out stays empty. */
export type Row<Name extends string> = Readonly<Partial<Record<Name, Cell>>>;

/** Every column in its place, whether a row has it or not. */
export const columnsOf = <Name extends string>(names: readonly Name[]): Column<Row<Name>>[] =>
  names.map((name) => ({ name, of: (row) => row[name] }));

/** A text that somebody wrote, in one line. */
export const words = (text: string | null | undefined): string | undefined =>
  text?.replace(/[\s\p{Cc}]+/gu, ' ').trim() || undefined;

export const sentences = (...parts: readonly (string | false | null | undefined)[]): string | undefined =>
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
