import type { Catalog } from '../../libs/database/index.js';
import type { RetentionRule } from '../../libs/domain/index.js';
import { freeBytes } from '../../libs/store/index.js';
import { expiredRuns, type Reason } from './expired-runs.js';
import { expectPaired, expectWhole } from './refusal.js';
import { count, emptySummary, type RemovalSummary } from './removal-summary.js';
import { type Survey, survey } from './survey.js';

interface PlanOptions {
  readonly catalog: Catalog;
  readonly dataDir: string;
  readonly rule: RetentionRule;
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}

/** What a round would remove, and why. */
export interface Plan {
  readonly survey: Survey;
  /** In the order in which they are followed. */
  readonly reasons: readonly Reason[];
  readonly going: RemovalSummary;
  /** Runs whose turn it would have been, by what keeps their pictures. */
  readonly kept: Readonly<Record<string, number>>;
  /** So much more should go to make room, and may not. */
  readonly shortBytes: number;
}

/**
 * Decides what goes: pictures that are too old, then the oldest ones until there is room. Changes nothing.
 *
 * @throws RetentionRefusal where catalog and data folder may not be each other's
 */
export async function planRound({ catalog, dataDir, rule, nowMs, signal }: PlanOptions): Promise<Plan> {
  await expectPaired(catalog, dataDir);
  const found = await survey(catalog, rule, signal);
  await expectWhole(found, dataDir);
  const going = emptySummary();
  const kept: Record<string, number> = {};
  const onKept = (why: string) => {
    kept[why] = (kept[why] ?? 0) + 1;
  };
  const follow = async (reason: Reason): Promise<Reason> => {
    for await (const page of expiredRuns(catalog, found.keepers, reason, onKept, signal))
      for (const run of page) count(going, run);
    return reason;
  };

  const { olderThanMs } = rule;
  const reasons: Reason[] = [];
  if (olderThanMs !== undefined) reasons.push(await follow({ because: 'age', olderThanMs, nowMs }));
  const bytes = (rule.freeBytes ?? 0) - (await freeBytes(dataDir)) - going.bytes;
  const before = going.bytes;
  if (rule.freeBytes !== undefined && bytes > 0)
    reasons.push(await follow({ because: 'room', bytes, freeBytes: rule.freeBytes, olderThanMs, nowMs }));
  const shortBytes = rule.freeBytes === undefined ? 0 : Math.max(0, bytes - (going.bytes - before));
  return { survey: found, reasons, going, kept, shortBytes };
}
