/** What one crop votes for: its top-1 label, with the top-1 probability in [0, 1]. */
interface Vote {
  readonly label: string;
  readonly probability: number;
}

/** All votes of one run for one label; what a `GROUP BY label` over its crops gives. */
export interface LabelVotes {
  readonly label: string;
  /** Votes, at least 1. */
  readonly crops: number;
  /** Sum of the top-1 probabilities of those crops. */
  readonly probabilitySum: number;
}

/** Code-point order, the same in every locale and in SQLite, PostgreSQL ("C") and Python. */
export function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Groups a run's votes by label, in code-point order of the labels. */
export function groupVotes(votes: Iterable<Vote>): LabelVotes[] {
  const groups = new Map<string, { crops: number; sum: number; lost: number }>();
  for (const { label, probability } of votes) {
    const group = groups.get(label) ?? { crops: 0, sum: 0, lost: 0 };
    groups.set(label, group);
    // Kahan's compensated sum, as pandas means use: ties then depend on the votes, not on their order.
    const exact = probability - group.lost;
    const sum = group.sum + exact;
    group.lost = sum - group.sum - exact;
    group.sum = sum;
    group.crops += 1;
  }
  return [...groups]
    .map(([label, { crops, sum }]) => ({ label, crops, probabilitySum: sum }))
    .sort((a, b) => byCodePoint(a.label, b.label));
}
