import type { Db } from '../../libs/database/index.js';
import { type DeviceTime, offsetMinAt, readTrapTime } from '../../libs/domain/index.js';
import { type KnownZones, zonesOf } from '../traps/index.js';

/** What is kept of the times that a trap sent is read again by this. */
export interface ClockRereading {
  readonly trapId: string;
  readonly zones: KnownZones;
  read(text: string, receivedAtMs: number): DeviceTime | undefined;
  /** Minutes that the trap's clock is ahead of UTC where it is right; undefined where nobody has said its zone. */
  offsetMinAt(utcMs: number): number | undefined;
  /** Whether InfluxDB must follow. */
  readonly marksPoints: boolean;
}

/** @param defaultZone of traps of which nobody has said any */
export async function rereadingOf(
  tx: Db,
  trapId: string,
  defaultZone: string,
  marksPoints: boolean,
): Promise<ClockRereading> {
  const zones = await zonesOf(tx, trapId);
  const zoneAt = (utcMs: number) =>
    zones.deployments.find(
      ({ startMs, endMs }) => (startMs === null || startMs <= utcMs) && (endMs === null || utcMs < endMs),
    )?.timeZone ?? zones.own;
  return {
    trapId,
    zones,
    read: (text, receivedAtMs) => readTrapTime(text, zones, defaultZone, receivedAtMs),
    offsetMinAt: (utcMs) => {
      const zone = zoneAt(utcMs);
      return zone === undefined ? undefined : offsetMinAt(utcMs, zone);
    },
    marksPoints,
  };
}
