import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { readJpegHeader } from './jpeg-header.js';
import { SystemJpeg } from './system-jpeg.js';
import { decodeByWasm } from './wasm-jpeg.js';

const FOLDER = new URL('./golden/', import.meta.url);
const system = SystemJpeg.open();
if (!system && process.env['TRAPLINE_TEST_TURBOJPEG'] === 'required')
  throw new Error('libturbojpeg is not installed');

const goldens = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.jpg') && readJpegHeader(readFileSync(new URL(name, FOLDER)))?.baseline)
  .map((name) => [name, readFileSync(new URL(name, FOLDER))] as const);

async function noise(width: number, height: number, chromaSubsampling: string): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * i * 31 + i) % 251));
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95, chromaSubsampling })
    .toBuffer();
}

const bothWays = (jpeg: Buffer) => {
  const { width, height } = readJpegHeader(jpeg) as { width: number; height: number };
  const ours = system?.decode(jpeg, width, height).pixels as Uint8Array;
  return [Buffer.from(ours), Buffer.from(decodeByWasm(jpeg, width, height).pixels)] as const;
};

(system ? describe : describe.skip)("the machine's libjpeg-turbo (skipped where it is not installed)", () => {
  it.each(goldens)('gives the very pixels of the WebAssembly build for %s', (_, jpeg) => {
    const [native, wasm] = bothWays(jpeg);
    expect(native.equals(wasm)).toBe(true);
  });

  it.each([
    [1, 1, '4:2:0'],
    [17, 33, '4:2:0'],
    [101, 64, '4:4:4'],
    [400, 399, '4:2:0'],
  ])('gives the very pixels of the WebAssembly build for %d × %d at %s', async (width, height, sampling) => {
    const [native, wasm] = bothWays(await noise(width, height, sampling));
    expect(native.equals(wasm)).toBe(true);
  });

  it('refuses a truncated file and a header that lies, and goes on', () => {
    const [, jpeg] = goldens[0] as readonly [string, Buffer];
    const { width, height } = readJpegHeader(jpeg) as { width: number; height: number };
    const before = Buffer.from(system?.decode(jpeg, width, height).pixels as Uint8Array);
    for (let cut = 2; cut < jpeg.length - 2; cut += 11)
      expect(() => system?.decode(jpeg.subarray(0, cut), width, height)).toThrow('damaged');
    expect(() => system?.decode(jpeg, 1, 1)).toThrow('damaged');
    expect(Buffer.from(system?.decode(jpeg, width, height).pixels as Uint8Array).equals(before)).toBe(true);
  });
});
