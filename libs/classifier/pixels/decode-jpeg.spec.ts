import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { readJpegHeader } from './jpeg-header.js';
import { NativeJpeg } from './native-jpeg.js';
import { decodeByWasm } from './wasm-jpeg.js';

const FOLDER = new URL('../golden/', import.meta.url);
const native = NativeJpeg.open();
// npm leaves it out where it is told to leave out what is optional.
if (!native && process.env['TRAPLINE_TEST_TURBOJPEG'] === 'required')
  throw new Error('libjpeg-turbo is not installed');

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
  const ours = native?.decode(jpeg, width, height).pixels as Uint8Array;
  return [Buffer.from(ours), Buffer.from(decodeByWasm(jpeg, width, height).pixels)] as const;
};

(native ? describe : describe.skip)("libjpeg-turbo's library (skipped where there is none)", () => {
  it.each(goldens)('gives the very pixels of the WebAssembly build for %s', (_, jpeg) => {
    const [ours, wasm] = bothWays(jpeg);
    expect(ours.equals(wasm)).toBe(true);
  });

  it.each([
    [1, 1, '4:2:0'],
    [17, 33, '4:2:0'],
    [101, 64, '4:4:4'],
    [400, 399, '4:2:0'],
  ])('gives the very pixels of the WebAssembly build for %d × %d at %s', async (width, height, sampling) => {
    const [ours, wasm] = bothWays(await noise(width, height, sampling));
    expect(ours.equals(wasm)).toBe(true);
  });

  it('refuses a truncated file and a header that lies, and goes on', () => {
    const [, jpeg] = goldens[0] as readonly [string, Buffer];
    const { width, height } = readJpegHeader(jpeg) as { width: number; height: number };
    const before = Buffer.from(native?.decode(jpeg, width, height).pixels as Uint8Array);
    for (let cut = 2; cut < jpeg.length - 2; cut += 11)
      expect(() => native?.decode(jpeg.subarray(0, cut), width, height)).toThrow('damaged');
    expect(() => native?.decode(jpeg, 1, 1)).toThrow('damaged');
    expect(Buffer.from(native?.decode(jpeg, width, height).pixels as Uint8Array).equals(before)).toBe(true);
  });
});
