import type { Random } from '../random.js';
import { abundance } from './conditions.js';
import type { SeenKind } from './season.js';

/** A visit is one insect at one moment; what is seen of it is its track. */
export interface Visit {
  readonly atMs: number;
  readonly kind: string;
}

const IN_BURST = 0.3;
const BURST_MS = 40_000;

/**
 * Who comes during a session, in the order of their coming. Some come shortly after another, as when a flower opens or
 * a cloud passes.
 *
 * @param hour local hour of the session, with a fraction
 */
export function visits(
  chance: Random,
  kinds: readonly SeenKind[],
  { startMs, endMs, hour, mean }: { startMs: number; endMs: number; hour: number; mean: number },
): Visit[] {
  const times: number[] = [];
  for (let count = chance.poisson(mean); count > 0; count -= 1) {
    const follows = times.length > 0 && chance.chance(IN_BURST);
    const atMs = follows ? chance.pick(times) + chance.next() * BURST_MS : chance.between(startMs, endMs);
    times.push(Math.round(Math.min(atMs, endMs)));
  }
  return times
    .map((atMs) => ({ atMs, kind: chance.pickWeighted(kinds, (kind) => abundance(kind, hour)).id }))
    .sort((a, b) => a.atMs - b.atMs);
}
