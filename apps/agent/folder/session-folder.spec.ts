import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolder, type SessionFolder } from './session-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const card = () => new DataFolder(folder).read();
const make = (...path: string[]) => mkdirSync(join(folder, ...path), { recursive: true });

describe('a data folder', () => {
  it('finds the sessions of all versions, oldest first, and nothing else', async () => {
    make('2026-05-03', '2026-05-03_13-00-00', 'crops', 'insect');
    make('2026-05-03', 'timelapse');
    make('20231205', '20231205_21-39', 'cropped', 'insect');
    make('logs', '2026-05-03_13-00-00');
    writeFileSync(join(folder, '2026-05-04'), '');
    expect((await card()).sessions.map(({ name }) => name)).toEqual([
      '20231205_21-39',
      '2026-05-03_13-00-00',
    ]);
  });

  it('finds them on a whole card, which has them in its data folder', async () => {
    make('data', '2026-05-03', '2026-05-03_13-00-00');
    const { roots, sessions } = await card();
    expect([roots, sessions.length]).toEqual([[join(folder, 'data')], 1]);
  });

  it('finds none on a trap that has not recorded yet', async () => {
    expect((await card()).sessions).toEqual([]);
  });
});

describe('look', () => {
  it('is another look when something was written, and the same one when it was only read', async () => {
    make('2026-05-03', '2026-05-03_13-00-00', 'crops', 'insect');
    const data = new DataFolder(folder);
    const [session] = (await data.read()).sessions as [SessionFolder];
    const [path] = session.paths as [string];
    const signature = async () => (await data.stateOf(session)).signature;
    const first = await signature();
    expect(await signature()).toBe(first);
    writeFileSync(join(path, 'crops', 'insect', 'a_crop.jpg'), 'a');
    const second = await signature();
    writeFileSync(join(path, `${session.name}_metadata.csv`), 'a');
    expect(new Set([first, second, await signature()]).size).toBe(3);
  });
});
