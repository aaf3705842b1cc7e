import { describe, expect, it } from '@jest/globals';
import { noise } from '../optimise/same-answers.js';
import { packLogits, unpackProbabilities } from './stored-logits.js';
import { toHalf } from './tensor.js';

const next = noise(3);
const logits = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (i === 5 ? 0 : -27 * (next() / 2 ** 32)));
const bytesOf = (packed: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);

describe('the logits of a crop', () => {
  it('are kept in full up to 64 labels, and as halves beyond', () => {
    expect(bytesOf(packLogits(logits(64)))).toHaveLength(256);
    const values = Float32Array.of(...logits(1000), 1e-6, -1e-6, 0, -0, 6.1e-5, 65_504, 65_519, 1e6, -2.5);
    expect([...(packLogits(values) as Uint16Array)]).toEqual([...values].map(toHalf));
  });

  it.each([27, 1022])('give back the probabilities of %i labels', (count) => {
    const values = logits(count);
    for (const temperature of [0.5, 1, 2]) {
      const exact = [...values].map((value) => Math.exp(value / temperature));
      const sum = exact.reduce((total, value) => total + value, 0);
      const found = unpackProbabilities(bytesOf(packLogits(values)), count, temperature);
      expect(found?.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 9);
      for (const [at, value] of exact.entries())
        expect(Math.abs((found?.[at] ?? 0) - value / sum)).toBeLessThan(0.002 / temperature);
    }
  });

  it('are none where the bytes are those of another model', () => {
    expect(unpackProbabilities(new Uint8Array(100), 27, 1)).toBeUndefined();
    expect(unpackProbabilities(bytesOf(Float32Array.of(Number.NaN, 1)), 2, 1)).toBeUndefined();
  });
});
