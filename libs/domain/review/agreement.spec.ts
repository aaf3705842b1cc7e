import { describe, expect, it } from '@jest/globals';
import { agreementOf } from './agreement.js';

/** Rows: what the model says; columns: what people say. */
function judged(labels: readonly string[], rows: readonly (readonly number[])[]) {
  return rows.flatMap((row, i) =>
    row.map((runs, j) => ({ model: labels[i] as string, people: labels[j] as string, runs })),
  );
}

describe('the agreement of model and people', () => {
  it('has the κ of the textbook with two categories', () => {
    // p_o = (20 + 15) / 50 = 0.7; p_e = (25 · 30 + 25 · 20) / 50² = 0.5; κ = 0.2 / 0.5
    const { n, agreed, kappa, labels } = agreementOf(
      judged(
        ['yes', 'no'],
        [
          [20, 5],
          [10, 15],
        ],
      ),
    );
    expect([n, agreed]).toEqual([50, 35]);
    expect(kappa).toBeCloseTo(0.4, 12);
    // With two categories, one against the rest is the same question.
    expect(labels.map((label) => label.kappa)).toEqual([kappa, kappa]);
  });

  it('has the κ of the textbook with three categories, and of each against the rest', () => {
    // Rows sum to 120, 60, 20; columns to 100, 60, 40. p_o = 140 / 200 = 0.70;
    // p_e = (120 · 100 + 60 · 60 + 20 · 40) / 200² = 0.41; κ = 0.29 / 0.59
    const { kappa, labels, confusions } = agreementOf(
      judged(
        ['a', 'b', 'c'],
        [
          [88, 14, 18],
          [10, 40, 10],
          [2, 6, 12],
        ],
      ),
    );
    expect(kappa).toBeCloseTo(0.29 / 0.59, 12);
    expect(labels.map(({ label, byModel, byPeople, agreed }) => [label, byModel, byPeople, agreed])).toEqual([
      ['a', 120, 100, 88],
      ['b', 60, 60, 40],
      ['c', 20, 40, 12],
    ]);
    expect(labels[0]?.precision).toBeCloseTo(88 / 120, 12);
    expect(labels[0]?.recall).toBeCloseTo(0.88, 12);
    // a: both 88, neither 68; p_o = 0.78; p_e = (120 · 100 + 80 · 100) / 200² = 0.5
    expect(labels[0]?.kappa).toBeCloseTo(0.56, 12);
    // b: both 40, neither 120; p_o = 0.80; p_e = (60 · 60 + 140 · 140) / 200² = 0.58
    expect(labels[1]?.kappa).toBeCloseTo(0.22 / 0.42, 12);
    // c: both 12, neither 152; p_o = 0.82; p_e = (20 · 40 + 180 · 160) / 200² = 0.74
    expect(labels[2]?.kappa).toBeCloseTo(0.08 / 0.26, 12);
    expect(confusions.slice(0, 3)).toEqual([
      { model: 'a', people: 'c', runs: 18 },
      { model: 'a', people: 'b', runs: 14 },
      { model: 'b', people: 'a', runs: 10 },
    ]);
  });

  it('is exactly 1 where all agree, exactly 0 where only chance does, and less where it is worse', () => {
    expect(
      agreementOf(
        judged(
          ['a', 'b'],
          [
            [3, 0],
            [0, 7],
          ],
        ),
      ).kappa,
    ).toBe(1);
    expect(
      agreementOf(
        judged(
          ['a', 'b'],
          [
            [1, 1],
            [1, 1],
          ],
        ),
      ).kappa,
    ).toBe(0);
    expect(
      agreementOf(
        judged(
          ['a', 'b'],
          [
            [0, 5],
            [5, 0],
          ],
        ),
      ).kappa,
    ).toBe(-1);
  });

  it('has no κ where both know one label only, and is no NaN', () => {
    const { n, agreed, kappa, labels } = agreementOf([{ model: 'a', people: 'a', runs: 9 }]);
    expect([n, agreed, kappa]).toEqual([9, 9, undefined]);
    expect(labels).toEqual([
      { label: 'a', byModel: 9, byPeople: 9, agreed: 9, precision: 1, recall: 1, kappa: undefined },
    ]);
  });

  it('has nothing to say of no runs', () => {
    expect(agreementOf([])).toEqual({ n: 0, agreed: 0, kappa: undefined, labels: [], confusions: [] });
  });

  it('has neither precision nor recall of a label that only one of them uses', () => {
    const { kappa, labels } = agreementOf([{ model: 'a', people: 'b', runs: 4 }]);
    expect(kappa).toBe(0);
    expect(labels.map(({ precision, recall }) => [precision, recall])).toEqual([
      [0, undefined],
      [undefined, 0],
    ]);
  });

  it('adds up a pair that comes several times', () => {
    const twice = agreementOf([
      { model: 'a', people: 'b', runs: 2 },
      { model: 'a', people: 'b', runs: 3 },
    ]);
    expect(twice.confusions).toEqual([{ model: 'a', people: 'b', runs: 5 }]);
    expect(twice.n).toBe(5);
  });
});
