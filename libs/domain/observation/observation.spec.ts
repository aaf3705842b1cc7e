import { describe, expect, it } from '@jest/globals';
import type { Label } from './label.js';
import { observe } from './observation.js';
import { groupVotes } from './votes.js';

const step = (rank: string, taxon: string) => ({ rank, taxon });
const APIDAE = [step('class', 'Insecta'), step('order', 'Hymenoptera'), step('family', 'Apidae')];
const LABELS: Label[] = [
  {
    id: 'bee_apis',
    taxon: 'Apis mellifera',
    rank: 'species',
    group: 'bees',
    lineage: [...APIDAE, step('genus', 'Apis')],
  },
  {
    id: 'bee_bombus',
    taxon: 'Bombus',
    rank: 'genus',
    group: 'bees',
    lineage: [...APIDAE, step('genus', 'Bombus')],
  },
  { id: 'wasp', taxon: 'Vespidae', rank: 'family', group: 'wasps', lineage: APIDAE.slice(0, 2) },
  { id: 'fly', taxon: 'Diptera', rank: 'order', group: 'flies', lineage: APIDAE.slice(0, 1) },
  { id: 'none_bg', kind: 'non_insect' },
];
const labels = new Map(LABELS.map((label) => [label.id, label]));
const none = new Map<string, Label>();

/** `votes('fly', [0.5, 0.7], 'wasp', [0.4])`, grouped. */
const votes = (...pairs: (string | number[])[]) =>
  groupVotes(
    pairs.flatMap((label, at) =>
      typeof label === 'string'
        ? (pairs[at + 1] as number[]).map((probability) => ({ label, probability }))
        : [],
    ),
  );

describe('observe', () => {
  it('weighs the mean top-1 probability with the share of the crops', () => {
    const seen = observe(votes('fly', [0.9, 0.7, 0.8], 'wasp', [0.5]), labels);
    expect(seen).toMatchObject({
      label: 'fly',
      taxon: 'Diptera',
      rank: 'order',
      group: 'flies',
      crops: 4,
      top1Crops: 3,
    });
    expect(seen?.top1ProbMean).toBeCloseTo(0.8, 12);
    expect(seen?.probability).toBeCloseTo(0.6, 12);
    expect(seen?.ranking.map(({ label }) => label)).toEqual(['fly', 'wasp']);
    expect(seen?.ranking[1]?.top1ProbWeighted).toBeCloseTo(0.125, 12);
  });

  it('prefers three lukewarm crops to one certain one', () => {
    expect(observe(votes('fly', [0.4, 0.4, 0.4], 'wasp', [1]), none)?.label).toBe('fly');
  });

  it('gives a tie to the alphabetically first label', () => {
    expect(observe(votes('wasp', [0.5], 'bee', [0.5], 'ant', [0.5]), none)?.label).toBe('ant');
    expect(observe(votes('b', [1], 'B', [1], 'a', [1]), none)?.ranking.map(({ label }) => label)).toEqual([
      'B',
      'a',
      'b',
    ]);
  });

  it('sees a tie that binary floats would hide', () => {
    expect(observe(votes('a', [0.3], 'b', [0.1, 0.2]), none)?.label).toBe('a');
    expect(observe(votes('b', [0.3], 'a', [0.1, 0.2]), none)?.label).toBe('a');
  });

  it('has nothing to say about a run without votes', () => {
    expect(observe([], labels)).toBeUndefined();
  });

  it('is unsure under the threshold, and sure at it', () => {
    expect(observe(votes('x', [0.349]), none)).toMatchObject({ unsure: true, reason: 'low-probability' });
    expect(observe(votes('x', [0.35]), none)).toMatchObject({ unsure: false, rolledUp: false });
    expect(observe(votes('x', [0.35]), none)).not.toHaveProperty('reason');
  });

  it('is unsure where the two best labels are closer than the margin, and sure at it', () => {
    expect(observe(votes('x', [0.95], 'y', [0.9]), none)).toMatchObject({
      unsure: true,
      reason: 'narrow-margin',
    });
    expect(observe(votes('x', [1], 'y', [0.8]), none)?.unsure).toBe(false);
  });

  it('counts background as no insect, and an unknown label as one', () => {
    expect(observe(votes('none_bg', [0.9]), labels)).toMatchObject({ label: 'none_bg', insect: false });
    expect(observe(votes('newcomer', [0.9]), labels)).toMatchObject({ label: 'newcomer', insect: true });
  });

  it('rolls up to the deepest taxon that both candidates share', () => {
    const seen = observe(votes('bee_apis', [0.8], 'bee_bombus', [0.75]), labels);
    expect(seen).toMatchObject({ label: 'bee_apis', taxon: 'Apidae', rank: 'family', group: 'bees' });
    expect(seen).toMatchObject({ rolledUp: true, unsure: false, insect: true });
    expect(seen).not.toHaveProperty('reason');
    expect(seen?.probability).toBeCloseTo(0.775, 12);
  });

  it('names no group where those under the taxon differ', () => {
    const seen = observe(votes('bee_apis', [0.8], 'wasp', [0.75]), labels);
    expect(seen).toMatchObject({ taxon: 'Hymenoptera', rolledUp: true });
    expect(seen).not.toHaveProperty('group');
  });

  it('rolls up exactly at the sum that is asked for', () => {
    expect(observe(votes('bee_apis', [0.7], 'bee_bombus', [0.6]), labels)).toMatchObject({ taxon: 'Apidae' });
    expect(observe(votes('bee_apis', [0.7], 'bee_bombus', [0.59]), labels)?.unsure).toBe(true);
  });

  it('passes over background when the insects together carry the run', () => {
    const seen = observe(votes('none_bg', [1], 'bee_apis', [0.99], 'bee_bombus', [0.99]), labels);
    expect(seen).toMatchObject({ label: 'bee_apis', taxon: 'Apidae', insect: true, rolledUp: true });
  });

  it('stays unsure where no taxon carries enough', () => {
    const seen = observe(votes('none_bg', [0.9], 'bee_apis', [0.85]), labels);
    expect(seen).toMatchObject({ label: 'none_bg', unsure: true, reason: 'narrow-margin', rolledUp: false });
  });

  it('never claims more than certainty', () => {
    const sevenths = ['bee_apis', 'bee_bombus', 'wasp'].flatMap((label, at) => [
      label,
      Array(at + 2).fill(1),
    ]);
    const seen = observe(votes(...sevenths), labels, { unsureBelow: 1, marginBelow: 0, rollUpAt: 0.99 });
    expect(seen).toMatchObject({ taxon: 'Hymenoptera', rolledUp: true });
    expect(seen?.probability).toBeLessThanOrEqual(1);
  });

  it('follows the thresholds of the model card', () => {
    const strict = { unsureBelow: 0.9, marginBelow: 0, rollUpAt: 0.99 };
    expect(observe(votes('x', [0.8]), none, strict)?.reason).toBe('low-probability');
  });

  it('says the same whatever the order of the votes', () => {
    const several = [0.1, 0.2, 0.3, 0.7, 0.9, 0.33].map((probability, at) => ({
      label: at % 2 ? 'x' : 'y',
      probability,
    }));
    expect(observe(groupVotes(several.toReversed()), none)?.label).toBe(
      observe(groupVotes(several), none)?.label,
    );
  });
});
