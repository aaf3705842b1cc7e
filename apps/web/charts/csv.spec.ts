import { describe, expect, it } from '@jest/globals';
import { csv } from './csv.js';

describe('the figures behind a chart, as CSV', () => {
  it('quotes what has to be quoted, and leaves empty what is not known', () => {
    expect(
      csv(
        ['name', 'n'],
        [
          ['a "b", c', 1.5],
          ['line\nbreak', null],
          ['Hain­schwebfliege', Number.NaN],
        ],
      ),
    ).toBe('name,n\r\n"a ""b"", c",1.5\r\n"line\nbreak",\r\nHain­schwebfliege,\r\n');
  });

  it('disarms what a spreadsheet would run, but no numbers', () => {
    expect(csv(['x'], [['=1+1'], ['+49'], ['-a'], ['@a'], [-3]])).toBe(
      "x\r\n'=1+1\r\n'+49\r\n'-a\r\n'@a\r\n-3\r\n",
    );
  });
});
