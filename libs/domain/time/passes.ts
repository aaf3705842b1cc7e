import type { DeviceTime } from './time.js';

/** A crop may be taken a little before its run begins by the trap's own word, or after it ends. */
const TOLERANCE_MS = 60_000;
/** Longer than this a visit is odd: shorter than any change of the clocks. */
const ODD_MS = 20 * 60_000;

export interface Span {
  readonly start: DeviceTime | undefined;
  readonly end: DeviceTime | undefined;
}

/**
 * When clocks go back, an hour comes twice, and a local time in it alone does not tell which pass is meant. Start and end
 * together may: nothing ends before it starts, and what is said to have taken eight seconds took neither an hour nor less
 * than nothing. Where both passes fit, the first counts.
 *
 * @param lengthS as the trap says; undefined: the shortest length is right
 */
export function choosePasses({ start, end }: Span, lengthS: number | undefined): Span {
  if (!start || !end || (!start.secondPass && !end.secondPass)) return { start, end };
  let best: { readonly span: Span; readonly miss: number } | undefined;
  for (const from of passesOf(start))
    for (const to of passesOf(end)) {
      const tookMs = to.utcMs - from.utcMs;
      const miss = lengthS === undefined ? tookMs : Math.abs(tookMs - lengthS * 1000);
      if (tookMs >= 0 && (!best || miss < best.miss)) best = { span: { start: from, end: to }, miss };
    }
  return best?.span ?? { start, end };
}

/** The pass in which a time lies within a span; the first where both do, or neither. */
export function passWithin(time: DeviceTime, span: Span): DeviceTime {
  return passesOf(time).find((each) => isWithin(each, span)) ?? time;
}

/** A time in the pass that is known to be meant: no other is open any more. Any other time stays as it is. */
export function inPass(time: DeviceTime, pass: 'first' | 'second'): DeviceTime {
  const { secondPass, ...first } = time;
  return pass === 'second' ? { ...first, ...secondPass } : first;
}

/** A time in its only pass that lies within a span; it stays open where both passes do, or neither. */
export function decidePass(time: DeviceTime, { start, end }: Span): DeviceTime {
  if (!time.secondPass) return time;
  const both = [inPass(time, 'first'), inPass(time, 'second')];
  const fitting = both.filter((each) => isWithin(each, { start, end }));
  return fitting.length === 1 ? (fitting[0] as DeviceTime) : time;
}

function isWithin({ utcMs }: DeviceTime, { start, end }: Span): boolean {
  return (!start || utcMs >= start.utcMs - TOLERANCE_MS) && (!end || utcMs <= end.utcMs + TOLERANCE_MS);
}

/** Whether start and end make another pass worth a look: an end before its start, or a length that no visit has. */
export function isOddSpan(
  startMs: number | null | undefined,
  endMs: number | null | undefined,
  lengthS: number | null,
): boolean {
  if (startMs == null || endMs == null) return false;
  const tookMs = endMs - startMs;
  return tookMs < 0 || Math.abs(tookMs - (lengthS ?? 0) * 1000) > ODD_MS;
}

const passesOf = (time: DeviceTime): readonly DeviceTime[] =>
  time.secondPass ? [time, { ...time, ...time.secondPass }] : [time];
