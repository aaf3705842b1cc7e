import { createHash } from 'node:crypto';

/**
 * Chance that can be repeated: the same names give the same numbers, on every machine and in any order of asking.
 * Whoever needs chance makes a source of its own from names, such as the seed, the trap and the session, so that
 * nothing has to be remembered and no part of a season depends on another.
 */
export class Random {
  private readonly state: Uint32Array;

  constructor(...names: readonly (string | number)[]) {
    const hash = createHash('sha256').update(names.join('/')).digest();
    this.state = Uint32Array.from({ length: 4 }, (_, i) => hash.readUInt32LE(i * 4));
  }

  /** From 0 to below 1 (sfc32, PractRand's small fast counter). */
  next(): number {
    const { state } = this;
    const [a, b, c, count] = state as unknown as [number, number, number, number];
    const sum = (a + b + count) >>> 0;
    state[3] = count + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum / 2 ** 32;
  }

  between(min: number, max: number): number {
    return min + (max - min) * this.next();
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)] as T;
  }

  /** One of the list, each as often as its weight says. */
  pickWeighted<T>(list: readonly T[], weightOf: (item: T) => number): T {
    let left = this.next() * list.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of list) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return list.at(-1) as T;
  }

  /** Mean 0, standard deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** How many of something that comes by chance, `mean` on average (Knuth; for means up to some hundreds). */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count += 1;
    return count;
  }

  /** In another order; the list itself stays. */
  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i -= 1) {
      const k = this.whole(0, i);
      [copy[i], copy[k]] = [copy[k] as T, copy[i] as T];
    }
    return copy;
  }
}
