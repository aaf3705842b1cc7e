import { readTrapTime, type TrapZones } from '../../libs/domain/index.js';

const HOUR_MS = 3_600_000;
/** Traps with the same zones share them. */
const MOST_ZONES = 200;

const offsetsByZones = new Map<string, Map<number, number>>();

/**
 * Minutes that a trap's clock is ahead of UTC in an hour of its own, counted since 1970-01-01T00: in the zone in which a
 * time without one would be read. It is asked for every hour at every look, and so remembered.
 */
export function offsetMinIn({ own, deployments }: TrapZones, defaultZone: string): (hour: number) => number {
  const zones = { own, deployments };
  const key = JSON.stringify([zones, defaultZone]);
  const known = offsetsByZones.get(key) ?? new Map<number, number>();
  if (!offsetsByZones.has(key) && offsetsByZones.size >= MOST_ZONES) offsetsByZones.clear();
  offsetsByZones.set(key, known);
  return (hour) => {
    const before = known.get(hour);
    if (before !== undefined) return before;
    const text = new Date(hour * HOUR_MS).toISOString().slice(0, 19);
    const offsetMin = readTrapTime(text, zones, defaultZone, 0)?.offsetMin ?? 0;
    known.set(hour, offsetMin);
    return offsetMin;
  };
}
