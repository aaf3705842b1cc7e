import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { thumbnailPath, thumbnailsRoot } from '../crops/layout.js';
import { makeThumbnail, UndecodableImageError } from './thumbnail.js';
import { ThumbnailStore, ThumbnailsBusyError } from './thumbnail-store.js';

const crop = (cropId: string) => ({ trapId: 'meadow-1', runId: 'run-1', cropId, sha256: 'a1'.repeat(32) });

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'thumbnails-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const program = new URL('../../../dist/libs/store/thumbnails/thumbnail-program.js', import.meta.url);
const opened: ThumbnailStore[] = [];
const open = (options: Partial<ConstructorParameters<typeof ThumbnailStore>[0]> = {}) => {
  const store = new ThumbnailStore({
    dataDir,
    limitBytes: 1_000_000,
    mayWrite: () => true,
    program,
    ...options,
  });
  opened.push(store);
  return store;
};
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

const picture = (width: number, height: number, colour = '#c02010') =>
  sharp({ create: { width, height, channels: 3, background: colour } });
const sizeOf = async (bytes: Buffer) => {
  const { width, height, format, exif } = await sharp(bytes).metadata();
  return { width, height, format, exif };
};
const files = async () =>
  (await readdir(thumbnailsRoot(dataDir), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

describe('a thumbnail', () => {
  it('is a JPEG whose longer side has the size that was asked for', async () => {
    const wide = await picture(400, 200).jpeg().toBuffer();
    for (const size of [64, 128, 256] as const)
      expect(await sizeOf(await makeThumbnail(wide, size))).toMatchObject({
        width: size,
        height: size / 2,
        format: 'jpeg',
      });
  });

  it('is no larger than its picture', async () => {
    expect(await sizeOf(await makeThumbnail(await picture(45, 50).jpeg().toBuffer(), 128))).toMatchObject({
      width: 45,
      height: 50,
    });
  });

  it('comes of PNG and WebP too, on white where they are transparent', async () => {
    const clear = sharp({ create: { width: 80, height: 80, channels: 4, background: '#00000000' } });
    for (const bytes of [await clear.clone().png().toBuffer(), await clear.clone().webp().toBuffer()]) {
      const { data } = await sharp(await makeThumbnail(bytes, 64))
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
    }
  });

  it('stands upright, and tells nothing of what the camera noted', async () => {
    const lying = await picture(200, 100)
      .withMetadata({ orientation: 6, exif: { IFD3: { GPSLatitude: '47/1 7/1 0/1' } } })
      .jpeg()
      .toBuffer();
    const thumbnail = await makeThumbnail(lying, 64);
    expect(await sizeOf(thumbnail)).toEqual({ width: 32, height: 64, format: 'jpeg', exif: undefined });
  });

  it('shows as much as there is of a file that was cut off', async () => {
    const noise = Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919) % 256));
    const whole = await sharp(noise, { raw: { width: 200, height: 200, channels: 3 } })
      .jpeg()
      .toBuffer();
    const thumbnail = await makeThumbnail(whole.subarray(0, whole.length / 2), 64);
    expect(await sizeOf(thumbnail)).toMatchObject({ width: 64, height: 64 });
  });

  it('is none where the bytes give no picture', async () => {
    const header = (await picture(20, 20).jpeg().toBuffer()).subarray(0, 30);
    for (const bytes of [Buffer.from('no picture'), header])
      await expect(makeThumbnail(bytes, 64)).rejects.toThrow(UndecodableImageError);
  });
});

describe('the thumbnails', () => {
  it('are made once, also where several ask at the same time', async () => {
    const store = open();
    let reads = 0;
    const original = async () => {
      reads += 1;
      return picture(300, 300).jpeg().toBuffer();
    };
    expect(await store.find(crop('c1'), 128)).toBeUndefined();
    const made = await Promise.all([1, 2, 3].map(() => store.make(crop('c1'), 128, original)));
    expect(reads).toBe(1);
    expect(await open().find(crop('c1'), 128)).toEqual(made[0]);
    expect(await store.find(crop('c1'), 64)).toBeUndefined();
    expect(await files()).toEqual(['c1.128.jpg']);
  });

  it('are made two at a time, and refused where hundreds wait', async () => {
    const store = open();
    let working = 0;
    let most = 0;
    const bytes = await picture(100, 100).jpeg().toBuffer();
    const original = async () => {
      working += 1;
      most = Math.max(most, working);
      await new Promise(setImmediate);
      working -= 1;
      return bytes;
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, (_, i) => store.make(crop(`c${i}`), 64, original)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(most).toBeLessThanOrEqual(2);
    expect(refused.length).toBe(98);
    expect(refused[0]?.reason).toBeInstanceOf(ThumbnailsBusyError);
    expect(await store.make(crop('late'), 64, original)).toHaveLength(
      (await store.find(crop('late'), 64))?.length ?? 0,
    );
  });

  it('are made again where a power cut left a file without its bytes', async () => {
    const store = open();
    const original = () => picture(100, 100).jpeg().toBuffer();
    const whole = await store.make(crop('c1'), 64, original);
    const path = thumbnailPath(thumbnailsRoot(dataDir), crop('c1'), 64);
    const kept = await readFile(path);
    const zerosInside = Buffer.from(kept).fill(0, 100, 200);
    for (const left of [kept.subarray(0, 0), kept.subarray(0, -5), zerosInside, Buffer.alloc(kept.length)]) {
      await writeFile(path, left);
      expect(await store.find(crop('c1'), 64)).toBeUndefined();
      expect(await store.make(crop('c1'), 64, original)).toEqual(whole);
      expect(await readFile(path)).toEqual(kept);
    }
  });

  it('are those of these very bytes', async () => {
    const store = open();
    await store.make(crop('c1'), 64, () => picture(100, 100).jpeg().toBuffer());
    expect(await store.find(crop('c1'), 64)).toBeDefined();
    expect(await store.find({ ...crop('c1'), sha256: 'b2'.repeat(32) }, 64)).toBeUndefined();
  });

  it('stay within their limit: the oldest go, with what a kill left half written', async () => {
    const original = () => picture(256, 256).jpeg({ quality: 100 }).toBuffer();
    const first = await open().make(crop('c0'), 256, original);
    const root = thumbnailsRoot(dataDir);
    const folder = dirname(thumbnailPath(root, crop('c0'), 256));
    await writeFile(join(folder, 'c9.64.jpg.ab.half'), Buffer.alloc(first.length));
    await utimes(join(folder, 'c9.64.jpg.ab.half'), 1, 1);
    await utimes(join(folder, 'c0.256.jpg'), 2, 2);
    const store = open({ limitBytes: first.length * 10 });
    for (let i = 1; i <= 30; i += 1) {
      await store.make(crop(`c${i}`), 256, original);
      await store.settled();
    }
    const kept = await files();
    const bytes = (await Promise.all(kept.map((name) => stat(join(folder, name))))).reduce(
      (sum, { size }) => sum + size,
      0,
    );
    expect(bytes).toBeLessThanOrEqual(first.length * 12);
    expect(kept).toContain('c30.256.jpg');
    expect(kept).not.toContain('c0.256.jpg');
    expect(kept.filter((name) => name.endsWith('.half'))).toEqual([]);
  });

  it('are made but not kept while nothing may be written', async () => {
    const store = open({ mayWrite: () => false });
    expect(await store.make(crop('c1'), 64, () => picture(100, 100).jpeg().toBuffer())).toHaveLength(
      (await makeThumbnail(await picture(100, 100).jpeg().toBuffer(), 64)).length,
    );
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('are tried again after a failure', async () => {
    const store = open();
    await expect(
      store.make(crop('c1'), 64, () => Promise.reject(new Error('the disk is away'))),
    ).rejects.toThrow('the disk is away');
    expect(await store.make(crop('c1'), 64, () => picture(100, 100).jpeg().toBuffer())).toBeDefined();
  });
});
