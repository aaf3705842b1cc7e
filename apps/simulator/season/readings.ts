import { Random } from '../random.js';
import type { Period, Reading, SeasonSettings } from './season.js';

const EVERY_MS = 10 * 60_000;
const BROKEN = 0.02;
const DISK_MB = 28_000;

/** What a trap on a solar battery measures of itself every ten minutes. */
export function readings({ seed, faults }: SeasonSettings, trapId: string, period: Period): Reading[] {
  const { startMs, endMs, hour, counter } = period;
  const chance = new Random(seed, 'readings', trapId, counter);
  const warmth = 14 + 9 * Math.exp(-0.5 * ((hour - 15) / 4) ** 2) + 2 * chance.normal();
  // The sun charges until the afternoon; each session takes some.
  const charge = Math.min(100, 62 + 30 * Math.exp(-0.5 * ((hour - 16) / 4) ** 2) + 4 * chance.normal());
  const count = Math.floor((endMs - startMs) / EVERY_MS) + 1;
  return Array.from({ length: count }, (_, i) => ({
    atMs: startMs + i * EVERY_MS,
    batteryPct: Math.round(Math.max(5, charge - i)),
    temperatureC: Math.round((warmth + 0.3 * chance.normal()) * 10) / 10,
    diskFreeMb: DISK_MB - (counter % 2000) * 4 - i,
    broken: faults && chance.chance(BROKEN),
  }));
}
