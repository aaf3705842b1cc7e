import { describe, expect, it } from '@jest/globals';
import { readCsv } from '../../../test/fixtures/read-csv.js';
import { type Cell, type Column, csvHeader, csvRows, EXCEL } from './csv.js';

const column = (name: string): Column<Cell[]> => ({ name, of: ([cell]) => cell });
const line = (...cells: Cell[]) =>
  csvRows(
    cells.map((_, at): Column<Cell[]> => ({ name: '', of: (row) => row[at] })),
    [cells],
  );

describe('CSV', () => {
  it('quotes what would end a cell or a row', () => {
    expect(line('a,b', 'say "x"', 'two\nlines', 'cr\rhere', 'plain')).toBe(
      '"a,b","say ""x""","two\nlines","cr\rhere",plain\n',
    );
  });

  it('quotes the same for Excel, with its own delimiter', () => {
    const cells = ['a,b', 'a;b', 'two\nlines', 'cr\rhere', 0.5, -1.25];
    const columns = cells.map((_, at): Column<Cell[]> => ({ name: '', of: (row) => row[at] }));
    expect(csvRows(columns, [cells], EXCEL)).toBe('a,b;"a;b";"two\nlines";"cr\rhere";0,5;-1,25\r\n');
  });

  it('leaves empty what is not known, and keeps 0 and false', () => {
    expect(line(null, undefined, '', 0, false, true)).toBe(',,,0,false,true\n');
  });

  it.each(['=1+1', '+41', '-cmd', '@SUM(A1)', '\tx', '＝1'])('disarms the formula %j', (formula) => {
    expect(line(formula)).toMatch(/^"?'/);
  });

  it.each([
    [' =1+1', "' =1+1"],
    ['\u00a0\ufeff@x', "'\u00a0\ufeff@x"],
    ['\t =1+1', "'\t' =1+1"],
    ['\n-cmd', "'\n'-cmd"],
    [';=1+1', ";'=1+1"],
    ['seen; \t+41', "seen; \t'+41"],
    ['two\r\n@SUM(A1)', "two\r\n'@SUM(A1)"],
    [';"=1+1"', ';\'"=1+1"'],
  ])('disarms the formula in %j, whatever splits its cell', (text, disarmed) => {
    expect(readCsv(line(text))).toEqual([[disarmed]]);
  });

  it.each(['a-b', 'x=1', 'bees; wasps', '2026-06-01', 'a, =b', '5 + 3; 8', 'Übergang', "'"])(
    'leaves %j as it is',
    (text) => {
      expect(readCsv(line(text))).toEqual([[text]]);
    },
  );

  it('takes no number for a formula', () => {
    expect(line(-8.54, -1e-7, 47.12)).toBe('-8.54,-1e-7,47.12\n');
  });

  it('has a line per row and one for the names, and none for no rows', () => {
    expect(csvRows([column('a')], [['x'], ['y']])).toBe('x\ny\n');
    expect(csvRows([column('a')], [])).toBe('');
    expect(csvHeader([column('a'), column('b c')])).toBe('a,b c\n');
  });
});
