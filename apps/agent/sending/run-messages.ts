import { buildMessage, type ManifestLine, type OutgoingMessage } from '../../../libs/protocol/index.js';
import { type FoundCrop, type FoundRun } from '../folder/run-of-track.js';
import type { ClosedSession } from '../folder/session-info.js';
import { secondsText, type TableTime, type TakenAt, takenAt } from '../folder/taken-at.js';

const LONGEST_S = 86_400;
const DAY_MICROS = LONGEST_S * 1e6;

/**
 * `20260503T130000`, as the session's folder is called. The counter of the trap is no part of it: it stands in tables
 * only, and an id must not depend on whether a table could be read.
 */
export const sessionIdOf = (start: TakenAt): string => secondsText(start);

export const runIdOf = (sessionId: string, { trackId }: Pick<FoundRun, 'trackId'>): string =>
  `${sessionId}-${trackId}`;

/**
 * From when to when a run was seen. A clock that jumps by years in the middle of it has some times that cannot be: those
 * near the start of the session count, where there are any.
 */
export function spanOf(
  crops: readonly FoundCrop[],
  sessionStart: TakenAt,
): { readonly start: TakenAt; readonly end: TakenAt } | undefined {
  const times = crops.map(({ taken }) => taken.micros);
  const near = times.filter((micros) => Math.abs(micros - sessionStart.micros) < DAY_MICROS);
  const counting = (near.length ? near : times).sort((a, b) => a - b);
  const [first, last] = [counting[0], counting.at(-1)];
  return first === undefined || last === undefined
    ? undefined
    : { start: takenAt(first), end: takenAt(last) };
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
  const durationS = (end.micros - start.micros) / 1e6;
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
}

/**
 * Tells what is known. Nothing is told that a spreadsheet has rounded: the trap itself may have told it exactly before,
 * and what is told later wins.
 */
export function sessionMessage(
  trapId: string,
  sessionId: string,
  folderStart: TakenAt,
  { closed, lastSeen, counter }: KnownSession,
): OutgoingMessage {
  const start = closed && isExact(closed.start) ? closed.start : folderStart;
  const end = closed ? endOf(closed) : lastSeen;
  const lasted = end && (end.micros - start.micros) / 60e6;
  const minutes =
    closed?.minutes ??
    (lasted !== undefined && lasted >= 0 && lasted <= LONGEST_S / 60
      ? Math.round(lasted * 100) / 100
      : undefined);
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

function endOf({ start, end, minutes }: ClosedSession): TakenAt | undefined {
  if (end && isExact(end)) return end;
  return minutes !== undefined && isExact(start)
    ? takenAt(start.micros + Math.round(minutes * 60e6))
    : undefined;
}
