import type { Random } from '../random.js';
import type { Crop, Damage } from './season.js';

const CROPS_MAX = 60;
const STEP_MS = 1000;
const DAMAGED_CROPS = 0.03;
const DAMAGES: readonly Damage[] = [
  'zeros',
  'truncated',
  'truncated',
  'empty-first',
  'other-bytes-later',
  'other-bytes-first',
];

/** Mostly a few crops, now and then a minute of them. */
export const trackLength = (chance: Random): number =>
  Math.min(CROPS_MAX, Math.max(1, Math.round(Math.exp(1.15 + 0.9 * chance.normal()))));

/**
 * The crops of one insect that walks about: one a second, but for those seconds in which it was not seen.
 *
 * @param startMs of the first
 */
export function track(chance: Random, startMs: number, length: number, withFaults: boolean): Crop[] {
  let atMs = startMs;
  let [x, y] = [chance.between(0.2, 0.8), chance.between(0.2, 0.8)];
  const half = chance.between(0.02, 0.06);
  return Array.from({ length }, (_, i) => {
    if (i > 0) atMs += STEP_MS * (chance.chance(0.15) ? chance.whole(2, 5) : 1);
    const stay = (value: number) => Math.min(0.9, Math.max(0.1, value + 0.03 * chance.normal()));
    [x, y] = [stay(x), stay(y)];
    const box = [x - half, y - half, x + half, y + half].map((value) => Math.round(value * 1e4) / 1e4);
    return {
      cropId: String(i + 1).padStart(4, '0'),
      atMs: atMs + chance.whole(0, 900),
      confidence: Math.round(chance.between(0.35, 0.97) * 100) / 100,
      box: box as unknown as Crop['box'],
      damage: withFaults && chance.chance(DAMAGED_CROPS) ? chance.pick(DAMAGES) : undefined,
    };
  });
}
