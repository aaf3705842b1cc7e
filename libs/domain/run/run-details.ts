import { placeInTime } from '../time/run-time.js';
import { isClockSuspect } from '../time/time.js';
import type { Run } from './run.js';

/** A time as a trap sent it. */
interface SentTime {
  readonly utcMs: number;
  readonly offsetMin: number;
  readonly sent: string;
  readonly clockSuspect: boolean;
}

/** What `meta` or `end` reports about a run; a field that is left out stays as it was. */
export interface RunDetails {
  readonly sessionId?: string | undefined;
  readonly trackId?: string | undefined;
  readonly start?: SentTime | undefined;
  readonly end?: SentTime | undefined;
  readonly durationS?: number | undefined;
  /** The number in `end`, which holds. */
  readonly announcedCrops?: number | undefined;
  /** The number in `meta`, which `end` may correct. */
  readonly expectedCrops?: number;
  readonly endStatus?: 'complete' | 'aborted' | undefined;
  /** How many `end`s bring the manifest; null = one. */
  readonly manifestParts?: number | null | undefined;
  readonly extra?: Record<string, unknown>;
  /** Of the trap, where any of its times came without a zone. */
  readonly zoneRevision?: number | undefined;
}

/** What these details change in a run. */
export function withDetails(run: Run, details: RunDetails, receivedAtMs: number): Partial<Run> {
  const times = timesOf(run, details);
  const { start, end, seen, suspect, shiftMs } = times;
  const nothingStored = run.storedCrops === 0;
  return {
    day: seen && nothingStored ? localDay(seen) : run.day,
    sessionId: details.sessionId ?? run.sessionId,
    trackId: details.trackId ?? run.trackId,
    startMs: start?.utcMs ?? null,
    startOffsetMin: start?.offsetMin ?? null,
    startSent: start?.sent ?? null,
    endMs: end?.utcMs ?? null,
    endOffsetMin: end?.offsetMin ?? null,
    endSent: end?.sent ?? null,
    clockSuspect: suspect,
    clockShiftMs: shiftMs,
    durationS: details.durationS ?? run.durationS,
    announcedCrops:
      details.announcedCrops ??
      (run.endReceivedAtMs === null ? details.expectedCrops : undefined) ??
      run.announcedCrops,
    endStatus: details.endStatus ?? run.endStatus,
    manifestParts: details.manifestParts === undefined ? run.manifestParts : details.manifestParts,
    extra: { ...run.extra, ...details.extra },
    placeMs: placeInTime(seen?.utcMs ?? (suspect ? undefined : run.firstReceivedAtMs), run.firstReceivedAtMs),
    lastReceivedAtMs: Math.max(run.lastReceivedAtMs, receivedAtMs),
    // The earliest counts: what was read then may have to be read again.
    zoneRevision: run.zoneRevision ?? details.zoneRevision ?? null,
  };
}

type KnownTime = Omit<SentTime, 'clockSuspect'>;

interface RunTimes {
  readonly start: KnownTime | undefined;
  readonly end: KnownTime | undefined;
  /** When the insect was seen; undefined if unknown. */
  readonly seen: Pick<KnownTime, 'utcMs' | 'offsetMin'> | undefined;
  readonly suspect: boolean;
  readonly shiftMs: number | null;
}

function timesOf(run: Run, details: RunDetails): RunTimes {
  const shiftMs = shiftOf(run, details);
  const start =
    shifted(run, details.start, shiftMs) ?? knownTime(run.startMs, run.startOffsetMin, run.startSent);
  const end = shifted(run, details.end, shiftMs) ?? knownTime(run.endMs, run.endOffsetMin, run.endSent);
  // What was found suspect at its receipt stays so: a clock 50 years ahead is not right because it is asked again later.
  const startSuspect = isSuspect(details.start, run, run.startMs);
  const endSuspect = isSuspect(details.end, run, run.endMs);
  const suspect = startSuspect || endSuspect;
  const isTrue = run.timeFrom !== null;
  const knownStart = isTrue || !startSuspect ? start : undefined;
  const knownEnd = isTrue || !endSuspect ? end : undefined;
  // A trap that only says when the insect left, or whose clock was set right meanwhile, was there then, too.
  return { start, end, seen: knownStart ?? knownEnd, suspect, shiftMs };
}

/** What is added to times of this run. What a person has said of a run without times holds against times that come later. */
function shiftOf(run: Run, { start }: RunDetails): number | null {
  if (run.timeFrom !== 'person' || run.startSent !== null || run.startMs === null || !start)
    return run.clockShiftMs;
  return run.startMs - start.utcMs;
}

/** A clock that was set right meanwhile needs no shift: only what is as wrong as what was corrected moves. */
function shifted(run: Run, time: SentTime | undefined, shiftMs: number | null): KnownTime | undefined {
  if (!time || shiftMs === null) return time;
  const isAsWrong = run.startSent === null || time.clockSuspect === run.clockSuspect;
  return isAsWrong ? { ...time, utcMs: time.utcMs + shiftMs } : time;
}

const localDay = (time: { utcMs: number; offsetMin: number }): string =>
  new Date(time.utcMs + time.offsetMin * 60_000).toISOString().slice(0, 10);

function isSuspect(said: SentTime | undefined, run: Run, keptMs: number | null): boolean {
  if (said) return said.clockSuspect;
  if (!run.clockSuspect || keptMs === null) return false;
  return isClockSuspect(keptMs - (run.clockShiftMs ?? 0), run.firstReceivedAtMs);
}

function knownTime(utcMs: number | null, offsetMin: number | null, sent: string | null) {
  return utcMs === null ? undefined : { utcMs, offsetMin: offsetMin ?? 0, sent: sent ?? '' };
}
