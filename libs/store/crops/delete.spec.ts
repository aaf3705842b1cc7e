import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deleteDurably, writeDurably } from './files.js';
import { cropPath } from './layout.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-images-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (runId: string, cropId: string, day = '2026-06-01') =>
  cropPath(folder, { trapId: 't1', runId, cropId }, day, 'jpg');
const write = (...paths: string[]) =>
  writeDurably(
    paths.map((path) => ({ path, bytes: Buffer.from('x') })),
    join(folder, 'aside'),
  );

describe('deleteDurably', () => {
  it('deletes files, and the folders of the run and the day once they are empty', async () => {
    await write(pathOf('r1', 'c1'), pathOf('r1', 'c2'), pathOf('r2', 'c1', '2026-06-02'));
    await deleteDurably([pathOf('r1', 'c1')]);
    expect([pathOf('r1', 'c1'), pathOf('r1', 'c2')].map(existsSync)).toEqual([false, true]);
    await deleteDurably([pathOf('r1', 'c2')]);
    expect(existsSync(join(folder, 't1', '2026-06-01'))).toBe(false);
    await deleteDurably([pathOf('r2', 'c1', '2026-06-02')]);
    expect(existsSync(join(folder, 't1'))).toBe(true);
  });

  it('goes on where files or folders are gone already', async () => {
    await write(pathOf('r1', 'c1'));
    await deleteDurably([pathOf('gone', 'c1', '2025-01-01'), pathOf('r1', 'c1')]);
    expect(existsSync(pathOf('r1', 'c1'))).toBe(false);
  });

  it('fails where a file cannot be deleted', async () => {
    await write(join(pathOf('r1', 'c1'), 'a-folder-in-its-place'));
    await expect(deleteDurably([pathOf('r1', 'c1')])).rejects.toThrow(/EISDIR|EPERM/);
  });
});
