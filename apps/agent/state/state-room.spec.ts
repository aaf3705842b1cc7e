import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { assertDiskSpace } from './state-room.js';

const folder = mkdtempSync(join(tmpdir(), 'trapline-room-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('room for the state', () => {
  it('is found in a folder that is made for it, and nothing is left behind', async () => {
    const state = join(folder, 'state', 'pi-1');
    await assertDiskSpace(state, 'a');
    expect(readdirSync(state)).toEqual([]);
  });

  it('is none where nothing can be written, and the folder is named', async () => {
    writeFileSync(join(folder, 'file'), '');
    const state = join(folder, 'file', 'pi-1');
    await expect(assertDiskSpace(state, 'a')).rejects.toMatchObject({
      code: 'state-unwritable',
      message: expect.stringContaining(`cannot be noted in ${state}: ENOTDIR`),
    });
  });
});
