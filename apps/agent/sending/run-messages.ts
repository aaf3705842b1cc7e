import { buildMessage, type ManifestLine, type OutgoingMessage } from '../../../libs/protocol/index.js';
import type { FoundCrop, FoundRun } from '../folder/run-of-track.js';
import type { ClosedSession } from '../folder/session-info.js';
import type { SessionClock } from '../folder/time/session-clock.js';
import { elapsedMicros, later, secondsText, type TableTime, type TakenAt } from '../folder/time/taken-at.js';

const LONGEST_S = 86_400;
/** Clocks change by half an hour at least. */
const CHANGE_MIN = 20;
const DAY_MICROS = LONGEST_S * 1e6;

/**
 * `20260503T130000`, as the session's folder is called. The counter of the trap is no part of it: it stands in tables
 * only, and an id must not depend on whether a table could be read.
 */
export const sessionIdOf = (start: TakenAt): string => secondsText(start);

export const runIdOf = (sessionId: string, { trackId }: Pick<FoundRun, 'trackId'>): string =>
  `${sessionId}-${trackId}`;

/**
 * From when to when a run was seen, whose crops are in time order. A clock that jumps by years in the middle of it has some times that cannot be: those
 * near the start of the session count, where there are any.
 */
export function spanOf(
  crops: readonly FoundCrop[],
  sessionStart: TakenAt,
): { readonly start: TakenAt; readonly end: TakenAt } | undefined {
  const times = crops.map(({ taken }) => taken);
  const near = times.filter(({ micros }) => Math.abs(micros - sessionStart.micros) < DAY_MICROS);
  const counting = near.length ? near : times;
  const [start, end] = [counting[0], counting.at(-1)];
  return start && end && { start, end };
}

export interface RunNames {
  readonly trapId: string;
  readonly runId: string;
  readonly sessionId: string;
}

export function metaMessage(
  { trapId, runId, sessionId }: RunNames,
  { trackId, crops }: FoundRun,
  { start, end }: { readonly start: TakenAt; readonly end: TakenAt },
): OutgoingMessage {
  const durationS = elapsedMicros(start, end) / 1e6;
  return buildMessage(
    'meta',
    { trapId, runId },
    {
      session: sessionId,
      trackId: Number(trackId),
      start: start.at,
      end: end.at,
      durationS: durationS <= LONGEST_S ? durationS : undefined,
      crops: crops.length,
    },
  );
}

/** What the manifest says of a crop that was sent. */
export function manifestLine(crop: FoundCrop, sha256: string, bytes: number): ManifestLine {
  const { confidence, box, trackStatus, lensPosition, isoSensitivity, exposureTimeMs } = crop.detection ?? {};
  return {
    crop: crop.cropId,
    sha256,
    bytes,
    at: crop.taken.at,
    confidence,
    box: box && [...box],
    trackStatus,
    lensPosition,
    isoSensitivity,
    exposureTimeMs,
  };
}

/** What is known of a session besides its name. */
export interface KnownSession {
  readonly closed: ClosedSession | undefined;
  /**
   * A session that was not closed, since the power was cut, has lasted until the last that was heard of it. Undefined
   * while it is still recording, and where the list of sessions cannot tell that it was not closed.
   */
  readonly lastSeen?: TakenAt | undefined;
  /** The trap's own counter: with it, rows are found in the trap's tables again. */
  readonly counter?: string | undefined;
  readonly clock?: SessionClock | undefined;
}

/**
 * Tells what is known. Nothing is told that a spreadsheet has rounded: the trap itself may have told it exactly before,
 * and what is told later wins.
 */
export function sessionMessage(
  trapId: string,
  sessionId: string,
  folderStart: TakenAt,
  { closed, lastSeen, counter, clock }: KnownSession,
): OutgoingMessage {
  const written = closed && isExact(closed.start) ? closed.start : folderStart;
  const start = clock?.tellEdge(written, 'start') ?? written;
  const end = closed ? endOf(closed, clock) : lastSeen;
  const lasted = end && elapsedMicros(start, end) / 60e6;
  const isLength = lasted !== undefined && lasted >= 0 && lasted <= LONGEST_S / 60;
  // Some versions take the figures of the clock from each other: that is off by what the clock was changed by.
  const isWrong =
    start.utcMicros !== undefined && isLength && Math.abs((closed?.minutes ?? lasted) - lasted) > CHANGE_MIN;
  const minutes =
    closed?.minutes !== undefined && !isWrong
      ? closed.minutes
      : isLength
        ? Math.round(lasted * 100) / 100
        : undefined;
  return buildMessage(
    'session',
    { trapId, sessionId },
    {
      start: start.at,
      end: end?.at,
      minutes,
      chargeStart: closed?.chargeStart,
      chargeEnd: closed?.chargeEnd,
      deviceSession: counter ?? closed?.session,
    },
  );
}

const isExact = ({ spanMicros }: TableTime): boolean => spanMicros === 1;

function endOf({ start, end, minutes }: ClosedSession, clock: SessionClock | undefined): TakenAt | undefined {
  if (end && isExact(end)) return clock?.tellEdge(end, 'end') ?? end;
  return minutes !== undefined && isExact(start)
    ? later(clock?.tellEdge(start, 'start') ?? start, Math.round(minutes * 60e6))
    : undefined;
}
