/** How long to wait for more of a run, in milliseconds. */
export interface CompletionRule {
  /** Silence after which a run is complete once its `end` has come. */
  readonly silenceAfterEndMs: number;
  /** Silence after which a run is complete in any case. */
  readonly silenceMs: number;
}

const DEFAULT_COMPLETION: CompletionRule = { silenceAfterEndMs: 15 * 60_000, silenceMs: 60 * 60_000 };

/** What of a run has arrived; all times are those of receipt, in milliseconds since 1970. */
interface RunProgress {
  /** How many crops the `end` message announced. */
  readonly announcedCrops?: number | undefined;
  readonly endReceivedAtMs?: number | undefined;
  /** How many distinct crops are stored. */
  readonly storedCrops: number;
  /** When the last message of any kind came for this run. */
  readonly lastReceivedAtMs: number;
}

export type Completion =
  | { readonly complete: true; readonly because: 'all-crops' | 'silent-after-end' | 'silent' }
  /** Nothing but a new message changes the answer before `decideAtMs`. */
  | { readonly complete: false; readonly decideAtMs: number };

/**
 * Whether a run is complete at `nowMs`. The first of these decides: its `end` has come and as many distinct
 * crops as announced are stored; nothing new since the `end` for `silenceAfterEndMs`; nothing for `silenceMs`.
 *
 * Silence after the end counts from the later of the end and the last message, so that a trap still sending
 * is not cut short. A number announced in the run's metadata alone completes nothing: more may follow.
 */
export function completionOf(
  run: RunProgress,
  nowMs: number,
  rule: CompletionRule = DEFAULT_COMPLETION,
): Completion {
  const ended = run.endReceivedAtMs !== undefined;
  if (ended && run.announcedCrops !== undefined && run.storedCrops >= run.announcedCrops) {
    return { complete: true, because: 'all-crops' };
  }
  const lastAtMs = Math.max(run.lastReceivedAtMs, run.endReceivedAtMs ?? run.lastReceivedAtMs);
  const silentAtMs = lastAtMs + rule.silenceMs;
  const silentAfterEndAtMs = ended ? lastAtMs + rule.silenceAfterEndMs : Number.POSITIVE_INFINITY;
  const decideAtMs = Math.min(silentAtMs, silentAfterEndAtMs);
  if (nowMs < decideAtMs) return { complete: false, decideAtMs };
  return { complete: true, because: silentAfterEndAtMs <= silentAtMs ? 'silent-after-end' : 'silent' };
}
