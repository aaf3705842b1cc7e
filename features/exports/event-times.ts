import { isTimeKnown } from '../../libs/domain/index.js';
import type { RunWithObservation } from '../runs/index.js';

type Run = Pick<
  RunWithObservation,
  | 'start_ms'
  | 'start_offset_min'
  | 'end_ms'
  | 'end_offset_min'
  | 'duration_s'
  | 'clock_suspect'
  | 'time_from'
  | 'at_ms'
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
 * From when to when a visit took place. Where a trap has not said it, the times of its crops tell.
 * Undefined where the trap's clock cannot be right and nothing else tells.
 */
export function eventTimes(run: Run, span: CropSpan | undefined): EventTimes | undefined {
  const durationMs = Math.max(0, (run.duration_s ?? 0) * 1000);
  if (!isTimeKnown(run.at_ms)) return undefined;
  // A run may have begun with a wrong clock and ended with a right one, or the other way round: one of its times is known.
  const isMixed = run.clock_suspect === 1 && run.time_from === null;
  if (isMixed) {
    const offsetMin = (run.at_ms === run.start_ms ? run.start_offset_min : run.end_offset_min) ?? 0;
    return {
      startMs: run.at_ms,
      startOffsetMin: offsetMin,
      endMs: run.at_ms + durationMs,
      endOffsetMin: offsetMin,
    };
  }
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
