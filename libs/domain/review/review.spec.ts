import { describe, expect, it } from '@jest/globals';
import { type DecidedTaxon, decidingReview, type Review, verdictOf } from './review.js';

const FLY = { label: 'fly', taxon: 'Muscidae', insect: true, probability: 0.4, unsure: false } as const;
const wasp: DecidedTaxon = { label: 'wasp', taxon: 'Vespula', rank: 'genus', group: 'wasps', insect: true };
const bee: DecidedTaxon = { label: 'bee', insect: true };

const relabel = (id: number, named: DecidedTaxon): Review => ({ id, verdict: 'relabel', named });
const undo = (id: number, undoes: number): Review => ({ id, verdict: 'undo', undoes });
const labelOf = (reviews: readonly Review[]) => verdictOf(FLY, reviews)?.named?.label;

describe('the verdict that counts', () => {
  it("is the observation's while nobody has reviewed the run", () => {
    expect(verdictOf(FLY, [])).toEqual({
      named: { label: 'fly', taxon: 'Muscidae', insect: true },
      probability: 0.4,
      unsure: false,
      reviewed: false,
    });
    expect(verdictOf({ ...FLY, unsure: true }, [])).toMatchObject({ unsure: true, reviewed: false });
  });

  it('is none while neither model nor people have spoken', () => {
    expect(verdictOf(undefined, [])).toBeUndefined();
    expect(verdictOf(undefined, [relabel(1, wasp), undo(2, 1)])).toBeUndefined();
  });

  it("is a person's, with certainty, whatever the model says", () => {
    const settled = { named: wasp, probability: 1, unsure: false, reviewed: true };
    expect(verdictOf({ ...FLY, unsure: true }, [relabel(1, wasp)])).toEqual(settled);
    expect(verdictOf(undefined, [relabel(1, wasp)])).toEqual(settled);
  });

  it('stays what the person agreed with when the model changes its mind', () => {
    const agreed: Review = { id: 1, verdict: 'agree', named: { label: 'fly', insect: true } };
    expect(verdictOf({ ...bee, probability: 0.9, unsure: false }, [agreed])).toMatchObject({
      named: { label: 'fly' },
      probability: 1,
    });
  });

  it('is no insect where a person says so', () => {
    const named = { label: 'not-insect', insect: false };
    expect(verdictOf(FLY, [{ id: 1, verdict: 'not-insect', named }])).toMatchObject({
      named: { insect: false },
      reviewed: true,
    });
  });

  it("is unsure where a person is, with the model's label as candidate, and its probability", () => {
    const unsure: Review = { id: 1, verdict: 'unsure' };
    expect(verdictOf(FLY, [unsure])).toMatchObject({
      named: { label: 'fly' },
      probability: 0.4,
      unsure: true,
      reviewed: true,
    });
    expect(verdictOf(undefined, [unsure])).toEqual({
      named: undefined,
      probability: undefined,
      unsure: true,
      reviewed: true,
    });
  });
});

describe('of several reviews', () => {
  it('the newest decides, in whatever order they are read', () => {
    expect(labelOf([relabel(1, wasp), relabel(2, bee)])).toBe('bee');
    expect(labelOf([relabel(10, bee), relabel(9, wasp)])).toBe('bee');
  });

  it('one that was taken back decides nothing, and the one before decides again', () => {
    expect(labelOf([relabel(1, wasp), relabel(2, bee), undo(3, 2)])).toBe('wasp');
    expect(labelOf([relabel(1, wasp), relabel(2, bee), undo(3, 1)])).toBe('bee');
    expect(labelOf([relabel(1, wasp), relabel(2, bee), undo(3, 2), undo(4, 1)])).toBe('fly');
  });

  it('one after a taking back decides', () => {
    expect(labelOf([relabel(1, wasp), undo(2, 1), relabel(3, bee)])).toBe('bee');
  });

  it('none decides where there is none', () => {
    expect(decidingReview([])).toBeUndefined();
    expect(decidingReview([relabel(1, wasp), undo(2, 1)])).toBeUndefined();
  });
});
