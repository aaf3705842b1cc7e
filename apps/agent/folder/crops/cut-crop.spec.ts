import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { announcingPng, manyScans } from '../../../../test/fixtures/hostile-images.js';
import { FrameCutter } from './cut-crop.js';

const folder = mkdtempSync(join(tmpdir(), 'trapline-cut-'));
const program = new URL('../../../../dist/apps/agent/folder/crops/cut-program.js', import.meta.url);
const cutter = new FrameCutter(program);
afterAll(() => {
  cutter.close();
  rmSync(folder, { recursive: true });
});
const path = join(folder, 'frame.jpg');

async function frame(): Promise<void> {
  const insect = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#c00000' } })
    .png()
    .toBuffer();
  await sharp({ create: { width: 400, height: 200, channels: 3, background: '#006000' } })
    .composite([{ input: insect, left: 100, top: 60 }])
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toFile(path);
}

describe('FrameCutter', () => {
  it('cuts a square around the detection', async () => {
    await frame();
    const crop = (await cutter.cut(path, [0.25, 0.3, 0.35, 0.4])) as Buffer;
    const { data, info } = await sharp(crop).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([40, 40]);
    const red = (x: number, y: number) => (data[(y * info.width + x) * info.channels] as number) > 120;
    expect([red(20, 5), red(20, 20), red(2, 20), red(37, 20), red(20, 34)]).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('gives the same bytes each time, also when several are asked for at once', async () => {
    await frame();
    const crops = await Promise.all([1, 2, 3].map(() => cutter.cut(path, [0.2, 0.2, 0.5, 0.4])));
    expect(crops[1]).toEqual(crops[0]);
    expect(crops[2]).toEqual(crops[0]);
  });

  it('goes on after a frame that cannot be read', async () => {
    await frame();
    const broken = join(folder, 'broken.jpg');
    writeFileSync(broken, 'no picture');
    const [bad, good] = await Promise.allSettled([
      cutter.cut(broken, [0.2, 0.2, 0.5, 0.4]),
      cutter.cut(path, [0.2, 0.2, 0.5, 0.4]),
    ]);
    expect(bad).toMatchObject({ reason: { name: 'UncuttableFrame' } });
    expect(good.status).toBe('fulfilled');
  });

  it.each<[string, () => Buffer | Promise<Buffer>, RegExp]>([
    ['a side longer than any', () => announcingPng(1, 39_999_999), /the longer side may have 16384/],
    ['more pixels than any', () => announcingPng(8000, 8000), /at most 40 megapixels/],
    ['what it does not hold', () => announcingPng(6000, 6000), /in \d+ bytes: a picture of that size/],
    ['thousands of scans', () => manyScans(3000, 3000, 2000), /scans are taken/],
  ])('refuses a frame that announces %s, without decoding it', async (_, make, why) => {
    const hostile = join(folder, 'hostile');
    writeFileSync(hostile, await make());
    await expect(cutter.cut(hostile, [0.2, 0.2, 0.5, 0.4])).rejects.toThrow(why);
  });

  it('refuses a frame of gigabytes without reading it', async () => {
    const huge = join(folder, 'huge.jpg');
    writeFileSync(huge, Buffer.from([0xff, 0xd8, 0xff]));
    truncateSync(huge, 8e9);
    await expect(cutter.cut(huge, [0.2, 0.2, 0.5, 0.4])).rejects.toThrow(/has more than \d+ bytes/);
  });

  it('gives up a frame that takes too much once, whatever was on it, and goes on', async () => {
    await frame();
    const costly = join(folder, 'costly.png');
    // Interlaced rows come last: it is in memory as a whole.
    await sharp({ create: { width: 7900, height: 5000, channels: 4, background: '#123' } })
      .toColourspace('rgb16')
      .png({ progressive: true })
      .toFile(costly);
    const first = performance.now();
    await expect(cutter.cut(costly, [0.2, 0.2, 0.5, 0.4])).rejects.toThrow(/needs more memory/);
    const again = performance.now();
    await expect(cutter.cut(costly, [0.5, 0.2, 0.6, 0.4])).rejects.toThrow(/needs more memory/);
    expect(performance.now() - again).toBeLessThan((again - first) / 2);
    expect(await cutter.cut(path, [0.2, 0.2, 0.5, 0.4])).toBeDefined();
  });
});
