/**
 * How long to wait before the next attempt: twice as long after each failure, up to a limit, and by chance between
 * half of that and all of it, so that traps which lost the same network do not come back in the same second.
 *
 * @param failures in a row, at least 1
 * @param chance from 0 to below 1
 */
export function backoffMs(
  failures: number,
  { firstMs, lastMs }: { readonly firstMs: number; readonly lastMs: number },
  chance: number = Math.random(),
): number {
  const longest = Math.min(lastMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return longest / 2 + (longest / 2) * chance;
}
