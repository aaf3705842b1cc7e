import { stringify } from 'csv-stringify/sync';
import { disarm } from './disarm.js';

export type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => Cell;
}

/**
 * One line per row, each with its end (RFC 4180, but for a bare LF, as pandas writes it). Nothing is an empty cell. No
 * text becomes a formula in a spreadsheet.
 */
export const csvRows = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string =>
  linesOf(columns, rows, disarm);

/** The same for programs: every text as it is. A guard against formulas would make it another text for them. */
export const exactCsvRows = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string =>
  linesOf(columns, rows, String);

const linesOf = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  asText: (text: string) => string,
): string =>
  stringify(
    rows.map((row) => columns.map(({ of }) => of(row))),
    { cast: { boolean: String, string: asText } },
  );

export const csvHeader = (columns: readonly Column<never>[]): string =>
  stringify([columns.map(({ name }) => name)]);
