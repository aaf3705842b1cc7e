import { throttledPages } from '../../libs/async/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { isOlderThan, type Keepers, type PicturedRun, runKey } from '../../libs/domain/index.js';
import { picturesOf, type RunPictures, runsByAge } from './retention.repository.js';
import { RUNS_AT_ONCE } from './survey.js';

/** A run whose pictures go. */
export interface ExpiredRun extends PicturedRun {
  readonly pictures: RunPictures;
}

/** Because of their age, or to make room; what goes because of its age is no choice for room. */
export type Reason =
  | { readonly because: 'age'; readonly olderThanMs: number; readonly nowMs: number }
  | {
      readonly because: 'room';
      /** So much is to go. */
      readonly bytes: number;
      /** So much is to be free then. */
      readonly freeBytes: number;
      readonly olderThanMs?: number | undefined;
      readonly nowMs: number;
    };

/**
 * Finds the runs whose pictures go, oldest first, page by page.
 *
 * @param onKept is told of each run whose turn it would be and whose pictures stay
 */
export async function* expiredRuns(
  { scanner }: Catalog,
  keepers: Keepers,
  reason: Reason,
  onKept: (why: string) => void = () => {},
  signal?: AbortSignal,
): AsyncGenerator<readonly ExpiredRun[]> {
  const { nowMs, olderThanMs } = reason;
  const isOld = (run: PicturedRun) => olderThanMs !== undefined && isOlderThan(run, olderThanMs, nowMs);
  let missing = reason.because === 'room' ? reason.bytes : Number.POSITIVE_INFINITY;
  // No visit is older than its age, whenever it came.
  const beforeMs = reason.because === 'age' ? nowMs - reason.olderThanMs : undefined;
  for await (const page of throttledPages(runsByAge(scanner, RUNS_AT_ONCE, beforeMs), signal)) {
    if (missing <= 0) return;
    const due = page.filter((run) => !run.emptied && isOld(run) === (reason.because === 'age'));
    const free = due.filter((run) => {
      const why = keepers.whyKept(run);
      if (why) onKept(why);
      return !why;
    });
    const pictures = await picturesOf(scanner, free);
    const going: ExpiredRun[] = [];
    for (const run of free) {
      const of = pictures.get(runKey(run));
      if (!of || missing <= 0) continue;
      missing -= of.bytes;
      going.push({ ...run, pictures: of });
    }
    if (going.length) yield going;
  }
}
