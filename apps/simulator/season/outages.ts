import { Random } from '../random.js';
import type { Season } from './season.js';

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
