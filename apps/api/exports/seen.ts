/** What the exchange formats call that which was seen. */
export type SeenType = 'animal' | 'blank' | 'unknown' | 'unclassified';

export interface Seen {
  readonly type: SeenType;
  readonly scientificName?: string | undefined;
  readonly rank?: string | undefined;
}

/** A verdict on a run or a crop. */
export interface Verdict {
  readonly label: string | null;
  readonly taxon?: string | null | undefined;
  readonly rank?: string | null | undefined;
  readonly insect: boolean;
  readonly unsure: boolean;
}

/** Labels for a picture with nothing on it: `none_bg`, `none_dirt`, `none_shadow`, `background`. */
const NOTHING = /^(none_|background$)/;
const BIRDS: Seen = { type: 'animal', scientificName: 'Aves', rank: 'class' };

/**
 * What a verdict means there. An unsure one names a candidate at most, so it names nothing here; an insect without a
 * taxon is an animal without a name.
 */
export function seenIn({ label, taxon, rank, insect, unsure }: Verdict): Seen {
  if (unsure) return { type: 'unknown' };
  if (label === null) return { type: 'unclassified' };
  if (taxon) return { type: 'animal', scientificName: taxon, rank: rank ?? undefined };
  if (label === 'none_bird') return BIRDS;
  if (NOTHING.test(label)) return { type: 'blank' };
  return { type: insect ? 'animal' : 'unknown' };
}
