import { type DeviceTime, readTime } from './time.js';

/** When a deployment held, in milliseconds since 1970, UTC, and the zone that its clock had. */
interface ZonedTimes {
  /** Null: since anything is known of the trap. */
  readonly startMs: number | null;
  /** Excluded. Null: it still stands there. */
  readonly endMs: number | null;
  readonly timeZone: string;
}

/** The zones in which a trap's clock stood. */
export interface TrapZones {
  /** What was said of the trap itself: by an editor, otherwise by the trap. */
  readonly own: string | undefined;
  /** Deployments with a zone of their own, in the order of their starts. */
  readonly deployments: readonly ZonedTimes[];
}

/**
 * Reads a time that a trap sent. One without a zone is read in that of the deployment whose time it is; where that has
 * none, in the trap's own; where nobody has said one, in that of the nearest deployment, else in the default zone. It
 * depends on nothing but what is known of the zones: whatever came first, the same text means the same time.
 *
 * @returns undefined if `text` is no time at all
 * @throws RangeError if a zone is no IANA zone
 */
export function readTrapTime(
  text: string,
  { own, deployments }: TrapZones,
  defaultZone: string,
  receivedAtMs: number,
): DeviceTime | undefined {
  const otherwise = readTime(text, own ?? defaultZone, receivedAtMs);
  if (!otherwise?.naive) return otherwise;
  let nearest: { readonly time: DeviceTime; readonly awayMs: number } | undefined;
  for (const deployment of deployments) {
    const time = readTime(text, deployment.timeZone, receivedAtMs) as DeviceTime;
    const awayMs = awayFrom(deployment, time.utcMs);
    if (awayMs === 0) return time;
    // Of an hour that comes twice, the pass that lies in the deployment is meant.
    const { secondPass } = time;
    if (secondPass && awayFrom(deployment, secondPass.utcMs) === 0) {
      const { secondPass: _chosen, ...first } = time;
      return { ...first, ...secondPass };
    }
    if (nearest === undefined || awayMs < nearest.awayMs) nearest = { time, awayMs };
  }
  return own === undefined && nearest ? nearest.time : otherwise;
}

function awayFrom({ startMs, endMs }: ZonedTimes, atMs: number): number {
  if (startMs !== null && atMs < startMs) return startMs - atMs;
  return endMs !== null && atMs >= endMs ? atMs - endMs + 1 : 0;
}
