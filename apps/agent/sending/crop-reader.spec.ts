import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { FoundCrop } from '../folder/run-of-track.js';
import { CropReader } from './publish-run.js';

const folder = mkdtempSync(join(tmpdir(), 'trapline-reader-'));
afterAll(() => {
  reader.close();
  rmSync(folder, { recursive: true });
});

const frame = sharp({ create: { width: 400, height: 200, channels: 3, background: '#006000' } });
const cutProgram = new URL('../../../dist/apps/agent/folder/crops/cut-program.js', import.meta.url);
const reader = new CropReader(1_000_000, cutProgram);
const cropOf = (path: string, cut: boolean) =>
  ({ path, cut, detection: { box: [0.2, 0.2, 0.5, 0.4] } }) as unknown as FoundCrop;
/** Whoever reads it gets an error, also who may read everything. */
const thatGivesAnError = (name: string): string => {
  symlinkSync(name, join(folder, name));
  return join(folder, name);
};

describe('reading a crop', () => {
  it.each([
    ['file', false],
    ['frame', true],
  ])(
    'fails, to be tried again, where the disk gives an error for its %s, and works when it does not',
    async (name, cut) => {
      const path = thatGivesAnError(`${name}.jpg`);
      await expect(reader.read(cropOf(path, cut))).rejects.toMatchObject({ code: 'unreadable' });
      rmSync(path);
      writeFileSync(path, await frame.jpeg().toBuffer());
      expect(await reader.read(cropOf(path, cut))).toMatchObject({ bytes: expect.any(Uint8Array) });
    },
  );

  it('leaves it out for good where the frame is broken, or gone', async () => {
    const path = join(folder, 'broken.jpg');
    writeFileSync(path, 'no picture');
    expect(await reader.read(cropOf(path, true))).toMatch(/^unreadable-frame: this is no JPEG/);
    renameSync(path, `${path}.away`);
    expect(await reader.read(cropOf(path, true))).toBe('gone');
  });
});
