import { isTimeKnown, type Run } from '../../libs/domain/index.js';

/** When its first and its last crop were taken, as far as the trap has said. */
export interface CropSpan {
  readonly firstMs: number;
  readonly lastMs: number;
}

type TimedRun = Pick<
  Run,
  | 'startMs'
  | 'startOffsetMin'
  | 'endMs'
  | 'endOffsetMin'
  | 'durationS'
  | 'clockSuspect'
  | 'timeFrom'
  | 'placeMs'
>;

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
export function eventTimes(run: TimedRun, span: CropSpan | undefined): EventTimes | undefined {
  const durationMs = Math.max(0, (run.durationS ?? 0) * 1000);
  if (!isTimeKnown(run.placeMs)) return undefined;
  // A run may have begun with a wrong clock and ended with a right one, or the other way round: one of its times is known.
  const isMixed = run.clockSuspect && run.timeFrom === null;
  if (isMixed) {
    const offsetMin = (run.placeMs === run.startMs ? run.startOffsetMin : run.endOffsetMin) ?? 0;
    return {
      startMs: run.placeMs,
      startOffsetMin: offsetMin,
      endMs: run.placeMs + durationMs,
      endOffsetMin: offsetMin,
    };
  }
  const startMs = run.startMs ?? span?.firstMs ?? run.placeMs;
  const startOffsetMin = run.startOffsetMin ?? run.endOffsetMin ?? 0;
  const knownEndMs = run.endMs ?? (durationMs ? startMs + durationMs : span?.lastMs);
  return {
    startMs,
    startOffsetMin,
    endMs: Math.max(startMs, knownEndMs ?? startMs),
    endOffsetMin: run.endOffsetMin ?? startOffsetMin,
  };
}
