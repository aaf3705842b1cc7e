import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { adoptNames } from './adopt-names.js';
import { cropPath } from './layout.js';

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'trapline-names-')), 'images');
});
afterEach(() => rmSync(dirname(root), { recursive: true, force: true }));

const DAY = '2026-06-01';
const CROPS = [
  { trapId: 'trap-1', runId: 'run-1', cropId: '0001' },
  { trapId: 'trap-1', runId: 'RUN-1', cropId: '0001' },
  { trapId: 'Trap-1', runId: 'con', cropId: 'C.' },
];
function putAsBefore(crop: (typeof CROPS)[number], text: string): void {
  const path = join(root, crop.trapId, DAY, crop.runId, `${crop.cropId}.jpg`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe('adoptNames', () => {
  it('gives what an earlier version stored the names that every disk takes', async () => {
    for (const [i, crop] of CROPS.entries()) putAsBefore(crop, `picture ${i}`);
    expect(await adoptNames(dirname(root))).toBe(4);
    expect(CROPS.map((crop) => readFileSync(cropPath(root, crop, DAY, 'jpg'), 'utf8'))).toEqual([
      'picture 0',
      'picture 1',
      'picture 2',
    ]);
    expect(existsSync(join(root, 'Trap-1'))).toBe(false);
    expect(await adoptNames(dirname(root))).toBe(0);
  });

  it('goes on where it was interrupted, and replaces nothing', async () => {
    const [, upper] = CROPS as [unknown, (typeof CROPS)[number]];
    putAsBefore(upper, 'left');
    const right = cropPath(root, upper, DAY, 'jpg');
    mkdirSync(dirname(right), { recursive: true });
    writeFileSync(right, 'there');
    expect(await adoptNames(dirname(root))).toBe(0);
    expect(readFileSync(right, 'utf8')).toBe('there');
    expect(readFileSync(join(root, 'trap-1', DAY, 'RUN-1', '0001.jpg'), 'utf8')).toBe('left');
  });

  it('takes an empty folder', async () => {
    expect(await adoptNames(dirname(root))).toBe(0);
    expect(await adoptNames(dirname(root))).toBe(0);
  });
});
