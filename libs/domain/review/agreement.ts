import { byCodePoint } from '../observation/votes.js';

/** Runs that the model labelled one way and people another, or the same. */
export interface ReviewedRuns {
  readonly model: string;
  readonly people: string;
  readonly runs: number;
}

interface LabelAgreement {
  readonly label: string;
  /** Runs that the model gave this label, and that people gave it. */
  readonly byModel: number;
  readonly byPeople: number;
  /** Runs that both gave it. */
  readonly agreed: number;
  /** Share of the model's runs of this label that people confirmed; undefined where the model never used it. */
  readonly precision: number | undefined;
  /** Share of people's runs of this label that the model found; undefined where people never used it. */
  readonly recall: number | undefined;
  /** Of this label against all others taken together. */
  readonly kappa: number | undefined;
}

export interface Agreement {
  /** Runs that both have judged. */
  readonly n: number;
  readonly agreed: number;
  readonly kappa: number | undefined;
  /** Every label that either used, in code-point order. */
  readonly labels: readonly LabelAgreement[];
  /** Pairs of different labels, the most frequent first. */
  readonly confusions: readonly ReviewedRuns[];
}

/**
 * How far model and people agree on the same runs.
 *
 * κ is the share of agreement beyond what the two would reach by chance with these frequencies of labels:
 * κ = (p_o − p_e) / (1 − p_e), with p_e = Σ p(model says i) · p(people say i). Source: J. Cohen (1960), A coefficient
 * of agreement for nominal scales, Educational and Psychological Measurement 20: 37–46. It is 1 for full agreement, 0 for
 * chance, and undefined where both know only one and the same label, or there is no run: chance alone would agree then.
 *
 * @param judged one entry per pair of labels, in any order; the same pair may come several times
 */
export function agreementOf(judged: readonly ReviewedRuns[]): Agreement {
  const counts = new Map<string, { byModel: number; byPeople: number; agreed: number }>();
  const countOf = (label: string) => {
    const count = counts.get(label) ?? { byModel: 0, byPeople: 0, agreed: 0 };
    counts.set(label, count);
    return count;
  };
  for (const { model, people, runs } of judged) {
    countOf(model).byModel += runs;
    countOf(people).byPeople += runs;
    if (model === people) countOf(model).agreed += runs;
  }
  const all = [...counts].sort(([a], [b]) => byCodePoint(a, b));
  const sum = (of: (count: { byModel: number; byPeople: number; agreed: number }) => number) =>
    all.reduce((total, [, count]) => total + of(count), 0);
  const n = sum(({ byModel }) => byModel);
  const agreed = sum((count) => count.agreed);
  return {
    n,
    agreed,
    kappa: kappaOf(
      n,
      agreed,
      sum(({ byModel, byPeople }) => byModel * byPeople),
    ),
    labels: all.map(([label, count]) => ({
      label,
      ...count,
      precision: share(count.agreed, count.byModel),
      recall: share(count.agreed, count.byPeople),
      kappa: againstTheRest(n, count),
    })),
    confusions: confusionsOf(judged),
  };
}

/** Both said it, or both said something else. */
function againstTheRest(n: number, count: { byModel: number; byPeople: number; agreed: number }) {
  const { byModel, byPeople, agreed } = count;
  const neither = n - byModel - byPeople + agreed;
  return kappaOf(n, agreed + neither, byModel * byPeople + (n - byModel) * (n - byPeople));
}

/**
 * @param products sum over the labels of how often the one used it times how often the other did: p_e · n². In whole
 *   numbers, so that what should be exactly 0 or 1 is
 */
const kappaOf = (n: number, agreed: number, products: number): number | undefined =>
  share(n * agreed - products, n * n - products);

const share = (part: number, of: number): number | undefined => (of === 0 ? undefined : part / of);

function confusionsOf(judged: readonly ReviewedRuns[]): ReviewedRuns[] {
  const pairs = new Map<string, ReviewedRuns>();
  for (const { model, people, runs } of judged) {
    if (model === people || runs === 0) continue;
    const key = JSON.stringify([model, people]);
    pairs.set(key, { model, people, runs: runs + (pairs.get(key)?.runs ?? 0) });
  }
  return [...pairs.values()].sort(
    (a, b) => b.runs - a.runs || byCodePoint(a.model, b.model) || byCodePoint(a.people, b.people),
  );
}
