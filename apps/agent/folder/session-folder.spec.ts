import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lookAt, rootOfData, type SessionFolder, sessionFolders } from './session-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const make = (...path: string[]) => mkdirSync(join(folder, ...path), { recursive: true });

describe('sessionFolders', () => {
  it('finds the sessions of all versions, oldest first, and nothing else', async () => {
    make('2026-05-03', '2026-05-03_13-00-00', 'crops', 'insect');
    make('2026-05-03', 'timelapse');
    make('20231205', '20231205_21-39', 'cropped', 'insect');
    make('logs', '2026-05-03_13-00-00');
    writeFileSync(join(folder, '2026-05-04'), '');
    expect((await sessionFolders(folder)).map(({ name }) => name)).toEqual([
      '20231205_21-39',
      '2026-05-03_13-00-00',
    ]);
  });

  it('finds them on a whole card, which has them in its data folder', async () => {
    make('data', '2026-05-03', '2026-05-03_13-00-00');
    expect(await rootOfData(folder)).toBe(join(folder, 'data'));
    expect(await sessionFolders(folder)).toHaveLength(1);
  });

  it('finds none on a trap that has not recorded yet', async () => {
    expect(await sessionFolders(folder)).toEqual([]);
  });
});

describe('lookAt', () => {
  it('is another look when something was written, and the same one when it was only read', async () => {
    make('2026-05-03', '2026-05-03_13-00-00', 'crops', 'insect');
    const [session] = (await sessionFolders(folder)) as [SessionFolder];
    const look = async () => (await lookAt(session)).signature;
    const first = await look();
    expect(await look()).toBe(first);
    writeFileSync(join(session.path, 'crops', 'insect', 'a_crop.jpg'), 'a');
    const second = await look();
    writeFileSync(join(session.path, `${session.name}_metadata.csv`), 'a');
    expect(new Set([first, second, await look()]).size).toBe(3);
  });
});
