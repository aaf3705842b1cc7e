import { describe, expect, it } from '@jest/globals';
import type { Label } from '../observation/label.js';
import { nameReview } from './name-review.js';

const LABELS = new Map<string, Label>(
  [
    { id: 'wasp', taxon: 'Vespula vulgaris', rank: 'species', group: 'wasps', kind: 'taxon' as const },
    { id: 'none_bird', kind: 'non_insect' as const },
  ].map((label) => [label.id, label]),
);
const FLY = { label: 'fly', taxon: 'Muscidae', insect: true, probability: 0.4, unsure: true };
const BACKGROUND = { label: 'none_bg', insect: false, probability: 0.9, unsure: false };

describe('a relabelling', () => {
  it('takes what the card says of the label', () => {
    expect(nameReview({ verdict: 'relabel', label: 'wasp' }, FLY, LABELS).named).toEqual({
      label: 'wasp',
      taxon: 'Vespula vulgaris',
      rank: 'species',
      group: 'wasps',
      insect: true,
    });
    expect(nameReview({ verdict: 'relabel', label: 'none_bird' }, FLY, LABELS).named?.insect).toBe(false);
  });

  it('is refused with a label that the card has not, and without a card', () => {
    const fault = { kind: 'wrong', field: 'label' };
    expect(nameReview({ verdict: 'relabel', label: 'moth' }, FLY, LABELS).fault).toMatchObject(fault);
    expect(nameReview({ verdict: 'relabel', label: 'wasp' }, FLY, undefined).fault).toMatchObject(fault);
  });

  it('to a taxon of the card is one to its label, however it is written', () => {
    const said = { verdict: 'relabel', taxon: 'vespula Vulgaris', rank: 'x' } as const;
    expect(nameReview(said, FLY, LABELS).named).toMatchObject({ label: 'wasp', rank: 'species' });
  });

  it('to a taxon of which several labels are parts is one to the taxon itself', () => {
    const parts = new Map<string, Label>(
      [
        { id: 'fly', taxon: 'Diptera', rank: 'order', group: 'flies', kind: 'taxon' as const },
        { id: 'fly_small', taxon: 'Diptera', rank: 'order', group: 'flies', kind: 'taxon' as const },
        { id: 'bee', taxon: 'Hymenoptera', rank: 'order', group: 'bees', kind: 'taxon' as const },
        { id: 'wasp', taxon: 'Hymenoptera', rank: 'order', group: 'wasps', kind: 'taxon' as const },
      ].map((label) => [label.id, label]),
    );
    const named = (taxon: string) => nameReview({ verdict: 'relabel', taxon }, FLY, parts).named;
    const order = { rank: 'order', insect: true };
    expect(named('Hymenoptera')).toEqual({ label: 'Hymenoptera', taxon: 'Hymenoptera', ...order });
    expect(named('Diptera')).toEqual({ label: 'Diptera', taxon: 'Diptera', group: 'flies', ...order });
  });

  it('to any other taxon makes a label that has no spaces', () => {
    const said = { verdict: 'relabel', taxon: 'Bombus (Pyrobombus) hypnorum', rank: 'species' } as const;
    expect(nameReview({ ...said, group: 'bees' }, undefined, undefined).named).toEqual({
      label: 'Bombus_Pyrobombus_hypnorum',
      taxon: 'Bombus (Pyrobombus) hypnorum',
      rank: 'species',
      group: 'bees',
      insect: true,
    });
  });
});

describe('an agreement', () => {
  it('settles what the model says now', () => {
    expect(nameReview({ verdict: 'agree' }, FLY, LABELS)).toEqual({
      named: { label: 'fly', taxon: 'Muscidae', insect: true },
    });
  });

  it('is refused where no model has spoken, or where it says something else than the person saw', () => {
    expect(nameReview({ verdict: 'agree' }, undefined, LABELS).fault?.kind).toBe('stale');
    expect(nameReview({ verdict: 'agree', label: 'bee' }, FLY, LABELS).fault).toMatchObject({
      kind: 'stale',
      field: 'label',
      message: expect.stringContaining('fly'),
    });
    expect(nameReview({ verdict: 'agree', label: 'fly' }, FLY, LABELS).named?.label).toBe('fly');
  });
});

describe('what is no insect', () => {
  it("bears the model's label where the model said so too, otherwise one of its own", () => {
    expect(nameReview({ verdict: 'not-insect' }, BACKGROUND, LABELS).named?.label).toBe('none_bg');
    expect(nameReview({ verdict: 'not-insect' }, FLY, LABELS).named).toEqual({
      label: 'not-insect',
      insect: false,
    });
  });

  it('may have a taxon', () => {
    const said = { verdict: 'not-insect', taxon: 'Araneae', rank: 'order' } as const;
    expect(nameReview(said, FLY, LABELS).named).toMatchObject({ label: 'Araneae', insect: false });
  });
});

it('who is unsure, or takes something back, names nothing', () => {
  expect(nameReview({ verdict: 'unsure' }, FLY, LABELS)).toEqual({});
  expect(nameReview({ verdict: 'undo' }, FLY, LABELS)).toEqual({});
});
