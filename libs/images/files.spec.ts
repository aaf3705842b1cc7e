import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freeBytes } from './disk.js';
import { readIfThere, writeDurably } from './files.js';
import { fingerprint } from './fingerprint.js';
import { cropPath, imagesRoot } from './layout.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-images-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeDurably', () => {
  it('writes files into folders that it makes', async () => {
    const files = Array.from({ length: 20 }, (_, i) => ({
      path: join(folder, 'trap', `day-${i % 3}`, `run-${i % 5}`, `${i}.jpg`),
      bytes: Buffer.from(`image ${i}`),
    }));
    await writeDurably(files);
    for (const { path, bytes } of files) expect(readFileSync(path)).toEqual(bytes);
  });

  it('writes half a file that a killed process left again', async () => {
    const path = join(folder, 'c.jpg');
    writeFileSync(path, 'half of something that was longer');
    await writeDurably([{ path, bytes: Buffer.from('whole') }]);
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('fails where a file stands in the place of a folder', async () => {
    writeFileSync(join(folder, 'trap'), 'in the way');
    const path = join(folder, 'trap', 'run', 'c.jpg');
    await expect(writeDurably([{ path, bytes: Buffer.from('x') }])).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  it('writes the good files of a list although one fails', async () => {
    writeFileSync(join(folder, 'taken'), 'in the way');
    const good = Array.from({ length: 9 }, (_, i) => ({
      path: join(folder, `${i}.jpg`),
      bytes: Buffer.from('x'),
    }));
    const bad = { path: join(folder, 'a-folder'), bytes: Buffer.from('x') };
    await writeDurably([{ path: join(bad.path, 'c.jpg'), bytes: bad.bytes }]);
    await expect(writeDurably([...good, bad])).rejects.toThrow('EISDIR');
    for (const { path } of good) expect(readFileSync(path, 'utf8')).toBe('x');
  });

  it('has nothing to do for an empty list', async () => {
    await expect(writeDurably([])).resolves.toBeUndefined();
  });
});

describe('the image store', () => {
  it('gives every crop a path of its own, below trap, day and run', () => {
    const crop = { trapId: 'trap-1', runId: 'r.7', cropId: '000012' };
    expect(cropPath(imagesRoot('/data'), crop, '2026-06-01', 'jpg')).toBe(
      '/data/images/trap-1/2026-06-01/r.7/000012.jpg',
    );
  });

  it('tells a file that is not there from one that cannot be read', async () => {
    expect(await readIfThere(join(folder, 'none'))).toBeUndefined();
    await expect(readIfThere(folder)).rejects.toThrow('EISDIR');
  });

  it('fingerprints bytes as archives and manifests want them', () => {
    expect(fingerprint(Buffer.from('123456789'))).toEqual({
      sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      crc32: 0xcbf43926,
    });
  });

  it('knows how much room its disk has', async () => {
    expect(await freeBytes(folder)).toBeGreaterThan(1_000_000);
  });
});
