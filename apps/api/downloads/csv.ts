import { stringify } from 'csv-stringify/sync';
import { disarm } from './disarm.js';

export type Cell = string | number | boolean | null | undefined;

export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => Cell;
}

/** How a table is written as text. */
export interface CsvFormat {
  readonly delimiter: ',' | ';';
  /** Between the whole and the rest of a number. */
  readonly decimal: '.' | ',';
  readonly end: 'unix' | 'windows';
  /** Whether a byte order mark stands before the first line: a spreadsheet takes the text for UTF-8 then. */
  readonly bom: boolean;
}

/** For programs: RFC 4180, but for a bare LF, as pandas writes it. */
export const PLAIN: CsvFormat = { delimiter: ',', decimal: '.', end: 'unix', bom: false };
/** What Excel opens with a double click where the decimal sign is a comma, as in most of Europe. */
export const EXCEL: CsvFormat = { delimiter: ';', decimal: ',', end: 'windows', bom: true };

/** The format that `?excel=` of a download asks for. */
export const csvFormat = (excel: boolean | undefined): CsvFormat => (excel ? EXCEL : PLAIN);

/**
 * One line per row, each with its end. Nothing is an empty cell. No text becomes a formula in a spreadsheet.
 */
export const csvRows = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  format: CsvFormat = PLAIN,
): string => linesOf(columns, rows, disarm, format);

/** The same for programs: every text as it is, unless it is for a spreadsheet. A guard against formulas would make it another text for them. */
export const exactCsvRows = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  format: CsvFormat = PLAIN,
): string => linesOf(columns, rows, format === EXCEL ? disarm : String, format);

const linesOf = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  asText: (text: string) => string,
  format: CsvFormat,
): string =>
  stringify(
    rows.map((row) => columns.map(({ of }) => of(row))),
    {
      delimiter: format.delimiter,
      record_delimiter: format.end,
      // Its default where no end of a line is given: a cell may have line breaks of either kind.
      quote_record_delimiter: true,
      cast: {
        boolean: String,
        string: asText,
        number: (value) => String(value).replace('.', format.decimal),
      },
    },
  );

/** The first line, with the names of the columns. */
export const csvHeader = (columns: readonly Column<never>[], format: CsvFormat = PLAIN): string =>
  stringify([columns.map(({ name }) => name)], {
    delimiter: format.delimiter,
    record_delimiter: format.end,
    bom: format.bom,
  });
