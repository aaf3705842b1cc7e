import type { ModelCard } from '../card/card.js';
import { MAX_BATCH } from '../session/max-batch.js';

// Between a rewritten model and the file as it is; float32 itself leaves about 1e-6.
const TOLERANCE = 1e-4;

/** Whether two ways to run a model answer the same. */
export function agree(a: readonly Float32Array[], b: readonly Float32Array[]): boolean {
  return a.every((row, i) =>
    row.every((value, k) => {
      const other = b[i]?.[k] ?? Number.NaN;
      return Math.abs(value - other) <= TOLERANCE * Math.max(1, Math.abs(other));
    }),
  );
}

/** uint8 [8, height, width, 3]: noise of different brightness per image, so that a mix-up in a batch is noticed. */
export function testPixels({ input }: ModelCard): Uint8Array {
  const imageLength = input.height * input.width * 3;
  const pixels = new Uint8Array(imageLength * MAX_BATCH);
  const next = noise(1);
  for (let image = 0; image < MAX_BATCH; image++) {
    for (let i = 0; i < imageLength; i++) {
      pixels[image * imageLength + i] = image * 16 + (i % 3) * 32 + (next() >>> 26);
    }
  }
  return pixels;
} /**
 * Numbers without a pattern, the same every time: a linear congruential generator (Press et al., Numerical Recipes).
 *
 * @returns gives the next one, from 0 to 2³² - 1; its upper bits are the better ones
 */
export function noise(seed: number): () => number {
  // Looked up once: where tests run, each look at a global takes as long as all the rest.
  const { imul } = Math;
  let state = seed;
  return () => {
    state = (imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}
