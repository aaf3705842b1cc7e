import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => Cell;
}

/**
 * One line per row, each with its end (RFC 4180, but for a bare LF, as pandas writes it). Nothing is an empty cell. A
 * text that a spreadsheet would take for a formula begins with `'`.
 */
export const csvRows = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string =>
  stringify(
    rows.map((row) => columns.map(({ of }) => of(row))),
    { escape_formulas: true, cast: { boolean: String } },
  );

export const csvHeader = (columns: readonly Column<never>[]): string =>
  stringify([columns.map(({ name }) => name)]);
