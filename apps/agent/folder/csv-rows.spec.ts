import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { csvRows, rowAt, splitLine } from './csv-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'trapline-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer, from = 0) {
  const path = join(folder, 'table.csv');
  writeFileSync(path, content);
  const rows = [];
  for await (const row of csvRows(path, undefined, { from })) rows.push(row);
  const file = await open(path);
  const again = [];
  for (const { offset } of rows) again.push(await rowAt(file, offset));
  await file.close();
  expect(again).toEqual(rows.map(({ cells }) => cells));
  return rows.map(({ cells }) => cells.join('|'));
}

describe('csvRows', () => {
  it('passes over what a power cut leaves: NUL bytes, and a last line without an end', async () => {
    const nul = '\0'.repeat(5000);
    expect(await read(`a,b\r\n1,2\n${nul}\n\n3,4\n5,${nul}6,7\n8,9,half`)).toEqual([
      'a|b',
      '1|2',
      '3|4',
      '6|7',
    ]);
  });

  it('passes over a line that no row is as long as', async () => {
    expect(await read(`a,b\n${'x'.repeat(200_000)}\n1,2\n`)).toEqual(expect.arrayContaining(['a|b', '1|2']));
  });

  it('reads on from where an earlier reading ended, also between two blocks', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},${'ä'.repeat(i % 7)}`);
    const text = `${lines.join('\n')}\n`;
    expect(await read(text)).toEqual(lines.map((line) => line.replace(',', '|')));
    const from = Buffer.byteLength(`${lines.slice(0, 15_000).join('\n')}\n`);
    expect((await read(text, from))[0]).toBe(lines[15_000]?.replace(',', '|'));
  });

  it('reads an empty table', async () => expect(await read('')).toEqual([]));
});

describe('splitLine', () => {
  it('keeps commas and quotes that stand in quotes', () => {
    expect(splitLine('1,"a, ""b""",,"",2')).toEqual(['1', 'a, "b"', '', '', '2']);
  });
});
