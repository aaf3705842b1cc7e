import { Random } from '../random.js';
import type { SeasonSettings, SeenKind } from './season.js';

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
