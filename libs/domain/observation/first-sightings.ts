/** A taxon is away from a trap when it was not seen for longer than this. */
const ABSENCE_MS = 60 * 86_400_000;
const BINOMIAL = /^(\p{Lu}[\p{L}-]+) (?:\([\p{L}-]+\) )?([\p{Ll}][\p{Ll}-]+)(?= |$)/u;
const SPECIES_RANKS = ['species', 'subspecies', 'variety', 'form'];
const GENUS_RANKS = ['genus', 'subgenus'];

/**
 * The species or genus that a verdict is a sighting of; undefined for anything above. A subspecies is a sighting of its
 * species, and the author behind a name is no part of it.
 */
export function sightedTaxon(taxon: string | null, rank: string | null): string | undefined {
  if (taxon === null) return undefined;
  const level = rank?.toLowerCase();
  const [, genus, epithet] = BINOMIAL.exec(taxon) ?? [];
  if (level === undefined || SPECIES_RANKS.includes(level))
    return genus && epithet ? `${genus} ${epithet}` : undefined;
  return GENUS_RANKS.includes(level) ? taxon.split(' ')[0] : undefined;
}

/** A species is a sighting of its genus, too. */
export const withGenus = (taxon: string): readonly string[] =>
  taxon.includes(' ') ? [taxon, taxon.split(' ')[0] as string] : [taxon];

/** A sure sighting. */
export interface Sighting {
  readonly runId: string;
  /** The species or genus that was decided. */
  readonly taxon: string;
  readonly atMs: number;
  /** By the trap's clock: the season. */
  readonly year: number;
}

/** `ever`: never before at the trap. `season`: not before in this year. `return`: not in the 60 days before. */
type FirstKind = 'ever' | 'season' | 'return';

export interface FirstSighting extends Sighting {
  readonly kind: FirstKind;
  /** When the taxon had been seen before; undefined = never. */
  readonly lastBeforeMs: number | undefined;
}

/** What a sighting is after the one before it; undefined = nothing special. */
export function firstKindAfter(
  before: Pick<Sighting, 'atMs' | 'year'> | undefined,
  { atMs, year }: Pick<Sighting, 'atMs' | 'year'>,
): FirstKind | undefined {
  if (!before) return 'ever';
  if (before.year !== year) return 'season';
  return atMs - before.atMs > ABSENCE_MS ? 'return' : undefined;
}

/**
 * The first sightings of a taxon.
 *
 * @param sightings of the taxon and of all below it, in the order of time. A species that is seen makes its genus known, so
 *   that a later sighting of the genus alone is no first; the species itself is another taxon
 */
export function firstSightings(taxon: string, sightings: readonly Sighting[]): FirstSighting[] {
  return sightings.flatMap((sighting, i) => {
    const before = sightings[i - 1];
    const kind = sighting.taxon === taxon ? firstKindAfter(before, sighting) : undefined;
    return kind ? [{ ...sighting, kind, lastBeforeMs: before?.atMs }] : [];
  });
}
