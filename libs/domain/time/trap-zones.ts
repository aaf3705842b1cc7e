import { inPass } from './passes.js';
import { type DeviceTime, readTime } from './time.js';
import { offsetMinAt } from './time-zone.js';
import { DAY_MS } from './units.js';

/** When a deployment held, in milliseconds since 1970, UTC, and the zone that its clock had. */
interface DeploymentZone {
  /** Null: since anything is known of the trap. */
  readonly startMs: number | null;
  /** Excluded. Null: it still stands there. */
  readonly endMs: number | null;
  /** Null: no zone of its own, the clock is in the trap's. */
  readonly timeZone: string | null;
}

/** The zones in which a trap's clock stood. */
export interface TrapZones {
  /** What was said of the trap itself: by an editor, otherwise by the trap. */
  readonly own: string | undefined;
  /** In the order of their starts. */
  readonly deployments: readonly DeploymentZone[];
}

/**
 * Reads a time that a trap sent. One without a zone is read in that of the deployment whose time it is; where that has
 * none, in the trap's own; where nobody has said one, in that of the nearest deployment that has one, else in the default
 * zone. In an hour that comes twice the first pass counts, unless only the second lies in a deployment. The result depends
 * only on the zones and deployments: whatever came first, the same text means the same time.
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
  const inOwnZone = readTime(text, own ?? defaultZone, receivedAtMs);
  if (!inOwnZone?.naive) return inOwnZone;
  let nearest: { readonly time: DeviceTime; readonly awayMs: number } | undefined;
  let second: DeviceTime | undefined;
  for (const deployment of deployments) {
    if (deployment.timeZone === null) continue;
    const time = readTime(text, deployment.timeZone, receivedAtMs) as DeviceTime;
    const awayMs = awayFrom(deployment, time.utcMs);
    if (awayMs === 0) return time;
    second ??= secondPassIn(deployment, time);
    if (nearest === undefined || awayMs < nearest.awayMs) nearest = { time, awayMs };
  }
  const time = own === undefined && nearest ? nearest.time : inOwnZone;
  if (!time.secondPass) return second ?? time;
  const withoutZone = deployments.filter(({ timeZone }) => timeZone === null);
  if (withoutZone.some((deployment) => awayFrom(deployment, time.utcMs) === 0)) return time;
  for (const deployment of withoutZone) second ??= secondPassIn(deployment, time);
  return second ?? time;
}

function secondPassIn(deployment: DeploymentZone, time: DeviceTime): DeviceTime | undefined {
  const { secondPass } = time;
  return secondPass && awayFrom(deployment, secondPass.utcMs) === 0 ? inPass(time, 'second') : undefined;
}

function awayFrom({ startMs, endMs }: DeploymentZone, atMs: number): number {
  if (startMs !== null && atMs < startMs) return startMs - atMs;
  return endMs !== null && atMs >= endMs ? atMs - endMs + 1 : 0;
}

/**
 * The same zones, but of the deployments without a zone only those that begin or end when clocks go back: no other can
 * change how a time is read. Where the trap has no zone either, all that begin or end are kept.
 */
export function relevantZones({ own, deployments }: TrapZones): TrapZones {
  const isRelevant = (ms: number | null) => ms !== null && (own === undefined || clocksGoBackNear(ms, own));
  return {
    own,
    deployments: deployments.filter(
      ({ startMs, endMs, timeZone }) => timeZone !== null || isRelevant(startMs) || isRelevant(endMs),
    ),
  };
}

const clocksGoBackNear = (utcMs: number, timeZone: string): boolean =>
  offsetMinAt(utcMs - DAY_MS, timeZone) > offsetMinAt(utcMs + DAY_MS, timeZone);
