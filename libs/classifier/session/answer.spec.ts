import { describe, expect, it } from '@jest/globals';
import type { ModelCard } from '../card/card.js';
import { answerOf } from './answer.js';

function card(ids: string[], output: Partial<ModelCard['output']> = {}, temperature = 1): ModelCard {
  return {
    output: { name: 'o', kind: 'logits', labelOffset: 0, ...output },
    labels: ids.map((id, index) => ({ index, id, names: { en: id }, kind: 'taxon' })),
    decision: { temperature, unsureBelow: 0.35, marginBelow: 0.1 },
  } as unknown as ModelCard;
}

const six = ['ant', 'bee', 'bug', 'fly', 'moth', 'wasp'];

describe('the answer to one image', () => {
  it('ranks the five most probable labels of logits', () => {
    const answer = answerOf(Float32Array.of(0, 3, 1, 2, -1, 5), card(six));
    expect(answer?.ranked.map(({ label }) => label)).toEqual(['wasp', 'bee', 'fly', 'bug', 'ant']);
    expect(answer?.ranked[0]?.probability).toBeCloseTo(0.82464, 4);
    expect(answer?.energy).toBeCloseTo(5.19281, 4);
  });

  it('gives a tie to the alphabetically first label, also at the fifth place', () => {
    const answer = answerOf(Float32Array.of(1, 1, 1, 1, 1, 1), card(['f', 'b', 'e', 'a', 'd', 'c']));
    expect(answer?.ranked.map(({ label }) => label)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('does not apply softmax to probabilities', () => {
    const answer = answerOf(Float32Array.of(0.7, 0.3), card(['a', 'b'], { kind: 'probabilities' }));
    expect(answer?.ranked[0]?.probability).toBeCloseTo(0.7, 6);
    expect(answer?.energy).toBeUndefined();
  });

  it('scales quantised numbers, and leaves out what stands before the labels', () => {
    const output = { kind: 'quantised', scale: 1 / 256, labelOffset: 1 } as const;
    expect(answerOf(Float32Array.of(200, 64, 128), card(['a', 'b'], output))?.ranked).toEqual([
      { label: 'b', probability: 0.5 },
      { label: 'a', probability: 0.25 },
    ]);
  });

  it('is less sure at a higher temperature', () => {
    const sure = answerOf(Float32Array.of(4, 0), card(['a', 'b']))?.ranked[0]?.probability ?? 0;
    const mild = answerOf(Float32Array.of(4, 0), card(['a', 'b'], {}, 4))?.ranked[0]?.probability ?? 0;
    expect(mild).toBeCloseTo(0.731, 3);
    expect(sure).toBeGreaterThan(mild);
  });

  it('does not overflow', () => {
    expect(answerOf(Float32Array.of(1000, 0), card(['a', 'b']))?.ranked[0]?.probability).toBe(1);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is none where the model gives %s', (value) => {
    expect(answerOf(Float32Array.of(1, value), card(['a', 'b']))).toBeUndefined();
  });

  it('keeps the logits of all labels, beyond 64 in half precision', () => {
    const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `l${i}`);
    expect(answerOf(new Float32Array(64), card(ids(64)))?.logits).toHaveLength(64);
    expect(answerOf(new Float32Array(65), card(ids(65)))?.logits).toBeInstanceOf(Uint16Array);
    expect(answerOf(new Float32Array(64), card(ids(64)))?.logits).toBeInstanceOf(Float32Array);
  });
});
