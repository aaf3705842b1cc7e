import { stringify } from 'csv-stringify/sync';

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
const PLAIN: CsvFormat = { delimiter: ',', decimal: '.', end: 'unix', bom: false };
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
): string => linesOf(columns, rows, escapeFormula, format);

/** The same for programs: every text as it is, unless it is for a spreadsheet. A guard against formulas would make it another text for them. */
export const exactCsvRows = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  format: CsvFormat = PLAIN,
): string => linesOf(columns, rows, format === EXCEL ? escapeFormula : String, format);

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
  }); /** What a spreadsheet begins a formula with, also in the wide forms of East Asian keyboards. */
const FORMULA = '[=+\\-@＝＋－＠]';

/** Where a cell begins: also behind what another spreadsheet, or the same one in another language, splits lines at. */
const BEGINS_A_FORMULA = new RegExp(`(^|[;\\t\\r\\n])((?:[^\\S\\t\\r\\n]|["\\p{Cf}])*${FORMULA})`, 'gu');

const LEADING_BREAK = /^(?=[\t\r\n])/;

/** A text with a `'` wherever a spreadsheet would begin a formula in it (OWASP, CSV injection). All others stay as they are. */
const escapeFormula = (text: string): string =>
  text.replace(BEGINS_A_FORMULA, "$1'$2").replace(LEADING_BREAK, "'");
