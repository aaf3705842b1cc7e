import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeImage } from './decode.js';
import { resizeCv2Linear } from './resize-cv2.js';
import { resizePilBilinear } from './resize-pil.js';

const golden = new URL('./golden/', import.meta.url);
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
