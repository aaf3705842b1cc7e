import type { RunWithObservation } from '../../../libs/catalog/index.js';

type Run = Pick<
  RunWithObservation,
  'start_ms' | 'start_offset_min' | 'end_ms' | 'end_offset_min' | 'duration_s' | 'clock_suspect' | 'at_ms'
>;

/** When its first and its last crop were taken, as far as the trap has said. */
export interface CropSpan {
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface EventTimes {
  readonly startMs: number;
  readonly startOffsetMin: number;
  readonly endMs: number;
  readonly endOffsetMin: number;
}

/**
 * From when to when a visit took place. Where the trap's clock cannot be right it is the time of receipt, in UTC; where
 * a trap has not said it, the times of its crops tell.
 */
export function eventTimes(run: Run, span: CropSpan | undefined): EventTimes {
  const durationMs = Math.max(0, (run.duration_s ?? 0) * 1000);
  if (run.clock_suspect === 1)
    return { startMs: run.at_ms, startOffsetMin: 0, endMs: run.at_ms + durationMs, endOffsetMin: 0 };
  const startMs = run.start_ms ?? span?.firstMs ?? run.at_ms;
  const startOffsetMin = run.start_offset_min ?? run.end_offset_min ?? 0;
  const knownEndMs = run.end_ms ?? (durationMs ? startMs + durationMs : span?.lastMs);
  return {
    startMs,
    startOffsetMin,
    endMs: Math.max(startMs, knownEndMs ?? startMs),
    endOffsetMin: run.end_offset_min ?? startOffsetMin,
  };
}
