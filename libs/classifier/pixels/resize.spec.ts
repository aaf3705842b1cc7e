import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeImage } from './decode.js';
import { resizeCv2Linear } from './resize-cv2.js';
import { resizePilBilinear } from './resize-pil.js';

const golden = new URL('../golden/', import.meta.url);
const { cases } = JSON.parse(readFileSync(new URL('index.json', golden), 'utf8')) as {
  cases: { image: string; width: number; height: number; base: string }[];
};

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++)
    largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  return largest;
}

describe('resizing the golden JPEGs', () => {
  it.each(cases)('gives the pixels of OpenCV within 1, and of Pillow exactly: $base', async (golden_) => {
    const image = await decodeImage(readFileSync(new URL(golden_.image, golden)));
    const cv2 = resizeCv2Linear(image, golden_.width, golden_.height);
    const pil = resizePilBilinear(image, golden_.width, golden_.height);
    expect(
      largestDifference(cv2, readFileSync(new URL(`${golden_.base}.cv2.rgb`, golden))),
    ).toBeLessThanOrEqual(1);
    expect(largestDifference(pil, readFileSync(new URL(`${golden_.base}.pil.rgb`, golden)))).toBe(0);
  });
});

describe('resizing an image of megapixels', () => {
  it('takes the middle pixel of each block where every 13 × 13 pixels become one', () => {
    const [size, block] = [100, 13];
    const small = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) >>> 3);
    const side = size * block;
    const pixels = Buffer.alloc(side * side * 3);
    for (let pixel = 0; pixel < size * size; pixel += 1) {
      const [x, y] = [pixel % size, Math.floor(pixel / size)];
      const from = (y * block * side + x * block) * 3;
      pixels.fill(small.subarray(pixel * 3, pixel * 3 + 3), from, from + block * 3);
    }
    const rowBytes = side * 3;
    for (let y = 0; y < side; y += 1) {
      const first = (y - (y % block)) * rowBytes;
      pixels.copy(pixels, y * rowBytes, first, first + rowBytes);
    }
    const resized = resizeCv2Linear({ width: side, height: side, pixels }, size, size);
    expect(Buffer.compare(resized, small)).toBe(0);
  });
});
