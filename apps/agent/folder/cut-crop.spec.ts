import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { FrameCutter } from './cut-crop.js';

const folder = mkdtempSync(join(tmpdir(), 'trapline-cut-'));
afterAll(() => rmSync(folder, { recursive: true }));
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
    const crop = (await new FrameCutter().cut(path, [0.25, 0.3, 0.35, 0.4])) as Buffer;
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
    const cutter = new FrameCutter();
    const crops = await Promise.all([1, 2, 3].map(() => cutter.cut(path, [0.2, 0.2, 0.5, 0.4])));
    expect(crops[1]).toEqual(crops[0]);
    expect(crops[2]).toEqual(crops[0]);
  });

  it('goes on after a frame that cannot be read', async () => {
    await frame();
    const broken = join(folder, 'broken.jpg');
    writeFileSync(broken, 'no picture');
    const cutter = new FrameCutter();
    const [bad, good] = await Promise.allSettled([
      cutter.cut(broken, [0.2, 0.2, 0.5, 0.4]),
      cutter.cut(path, [0.2, 0.2, 0.5, 0.4]),
    ]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  });
});
