import type { Snapshot } from './snapshot.js';
import type { Wanted } from './wanted.js';

/** A download that is begun again within this time gets the list of the first time, as `curl -C -` would. */
const FRESH_MS = 60 * 60 * 1000;

export const etagOf = ({ id }: Pick<Snapshot, 'id'>): string => `"${id}"`;

export interface Choice {
  /** None: one must be made. */
  readonly snapshot: Snapshot | undefined;
  /** A part of it would be a part of something else than the client has: it gets all or nothing. */
  readonly wholeOnly: boolean;
}

/**
 * Which snapshot a request means. A plain `Range` does not say of which bytes the client has the first ones: those that
 * somebody has begun and not ended come first, and where two could be meant neither is given, because the parts of
 * two archives in one file would be worse than beginning again.
 *
 * @param known those of the same caller and filter, newest first
 */
export function chooseSnapshot(known: readonly Snapshot[], wanted: Wanted, nowMs: number): Choice {
  switch (wanted.is) {
    case 'whole':
      return { snapshot: fresh(known, nowMs), wholeOnly: false };
    case 'part':
      return { snapshot: known[0], wholeOnly: false };
    case 'tagged': {
      const named = known.find((snapshot) => etagOf(snapshot) === wanted.tag);
      return { snapshot: named ?? fresh(known, nowMs), wholeOnly: named === undefined };
    }
    case 'rest':
      return begunBy(known, wanted.from) ?? { snapshot: fresh(known, nowMs), wholeOnly: true };
  }
}

/** The snapshot of which a client can have the first `from` bytes. */
function begunBy(known: readonly Snapshot[], from: number): Choice | undefined {
  const possible = known.filter((snapshot) => snapshot.sentTo >= from);
  // It has all of it, and asks whether there is more.
  const whole = possible.find((snapshot) => snapshot.length === from);
  if (whole) return { snapshot: whole, wholeOnly: false };
  const awaited = possible.filter((snapshot) => snapshot.awaited > 0);
  if (awaited.length > 1) return undefined;
  const snapshot = awaited[0] ?? possible[0];
  return snapshot && { snapshot, wholeOnly: false };
}

/** One that nobody has got to its end, and that is young: whoever begins again wants no other list than before. */
function fresh([newest]: readonly Snapshot[], nowMs: number): Snapshot | undefined {
  if (!newest || nowMs - newest.madeAtMs > FRESH_MS) return undefined;
  return newest.awaited > 0 || newest.sentTo === 0 ? newest : undefined;
}
