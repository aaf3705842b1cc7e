/** One of `names`, and how many letters are to be added, removed, replaced or swapped with the next one to get there. */
interface Nearest {
  readonly name: string;
  readonly distance: number;
}

/**
 * Finds the name that a mistyped one is most likely meant to be; case does not count.
 *
 * @param names at least one; of several that are equally near the first is taken
 */
export function nearest(mistyped: string, names: readonly string[]): Nearest {
  const rated = names.map((name) => ({
    name,
    distance: editDistance(mistyped.toLowerCase(), name.toLowerCase()),
  }));
  return rated.reduce((best, each) => (each.distance < best.distance ? each : best));
}

/** Optimal string alignment: the distance of Damerau and Levenshtein in which no part is edited twice. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      (rows[i] as number[])[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(a.length, b.length);
}
