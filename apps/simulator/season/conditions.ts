import { Random } from '../random.js';
import type { Crop, Period, Reading, RunFaults, Season, SeasonSettings, SeenKind, Spike } from './season.js';

const HOURS_WIDE = 2.8;
/** Some come at any hour. */
const ALWAYS = 0.04;
const RAINY_DAYS = 0.12;
const IN_RAIN = 0.2;

/** How many of a kind come at this hour beside the others at theirs: a bell around its peak. */
export function abundance({ share, peakHour }: SeenKind, hour: number): number {
  return share * (ALWAYS + Math.exp(-0.5 * ((hour - peakHour) / HOURS_WIDE) ** 2));
}

const allKinds = (kinds: readonly SeenKind[], hour: number): number =>
  kinds.reduce((sum, kind) => sum + abundance(kind, hour), 0);

/** How lively an hour is beside the mean of the hours given. */
export function liveliness(kinds: readonly SeenKind[], hour: number, ofHours: readonly number[]): number {
  const mean = ofHours.reduce((sum, other) => sum + allKinds(kinds, other), 0) / ofHours.length;
  return allKinds(kinds, hour) / mean;
}

/** How good a day is for insects, the same for all traps: most are near 1, rain keeps nearly all away. */
export function weather({ seed }: SeasonSettings, date: string): number {
  const chance = new Random(seed, 'weather', date);
  return chance.chance(RAINY_DAYS) ? IN_RAIN : Math.exp(0.25 * chance.normal());
}

/** How good the place of a trap is. */
export function site({ seed }: SeasonSettings, trapId: string): number {
  return new Random(seed, 'site', trapId).between(0.7, 1.4);
}

const BEGIN = 0.06;
const LONGEST_PERIODS = 6;

/**
 * Until when a trap is without a network: what it records meanwhile is sent when the network is back.
 *
 * @returns for each period the index of the one with which its messages go out; its own where nothing is wrong
 */
export function sentWith({ seed, faults, periods: all }: Season, trapId: string): number[] {
  const sent = all.map((_, i) => i);
  if (!faults) return sent;
  for (let i = 0; i < all.length; i += 1) {
    const chance = new Random(seed, 'outage', trapId, all[i]?.counter ?? 0);
    if (!chance.chance(BEGIN)) continue;
    const back = Math.min(all.length - 1, i + chance.whole(1, LONGEST_PERIODS));
    for (; i < back; i += 1) sent[i] = back;
  }
  return sent;
}

const EVERY_MS = 10 * 60_000;
const BROKEN = 0.02;
const DISK_MB = 28_000;

/** The readings that a solar-powered trap takes of itself every ten minutes. */
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

const NONE: RunFaults = { shuffled: false, repeated: 0, brokenMeta: false };

/** How the messages of a run go wrong. One whose crops come in two versions keeps its order, so that it is known which stays. */
export function runFaults(chance: Random, crops: readonly Crop[], withFaults: boolean): RunFaults {
  if (!withFaults) return NONE;
  return {
    shuffled: chance.chance(0.25),
    repeated: chance.chance(0.2) ? chance.whole(1, 3) : 0,
    dropAfter: chance.chance(0.06) ? chance.whole(1, crops.length + 1) : undefined,
    brokenMeta: chance.chance(0.03),
  };
}

const TIMES_AS_MANY = 6;
const AT_LEAST = 25;

/** The event of a season, on its last afternoon; undefined where none is asked for. */
export function spikeOf(settings: SeasonSettings, all: readonly Period[]): Spike | undefined {
  const { seed, trapIds, kinds, runsPerSession, spike } = settings;
  const insects = kinds.filter((kind) => kind.isInsect);
  const period = all.findLast(({ hour }) => hour > 14 && hour < 17);
  if (!spike || !period || insects.length === 0) return undefined;
  const chance = new Random(seed, 'spike');
  return {
    trapId: chance.pick(trapIds),
    // Of the rarer ones: the more it stands out.
    kind: chance.pick(rarer(insects)).id,
    period,
    runs: Math.max(AT_LEAST, Math.round(runsPerSession * TIMES_AS_MANY)),
  };
}

function rarer(kinds: readonly SeenKind[]): SeenKind[] {
  const mean = kinds.reduce((sum, { share }) => sum + share, 0) / kinds.length;
  const rare = kinds.filter(({ share }) => share <= mean);
  return rare.length > 0 ? rare : [...kinds];
}
