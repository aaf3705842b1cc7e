import type { TaxonIndex } from '../taxa/index.js';

/** Ranks that all formats know; any other is left out, since a package with one is not valid. */
const KNOWN_RANKS: readonly string[] = [
  'kingdom',
  'phylum',
  'class',
  'order',
  'family',
  'genus',
  'species',
  'subspecies',
];
/** Ranks under which the lineage of a taxon can stand. */
const HIGHER_RANKS: readonly string[] = ['kingdom', 'phylum', 'class', 'order', 'family', 'genus'];
/** Of which kingdom and phylum an insect is, no card needs to say. */
const INSECTS = { kingdom: 'Animalia', phylum: 'Arthropoda' };

/** What is known of one name of the observations: its rank, what it stands under, what people call it. */
export function taxonOf(scientificName: string, rank: string | undefined, index: TaxonIndex) {
  const higher = higherTaxa(scientificName, index);
  const knownRank = rank ?? index.labelsOf(scientificName)[0]?.rank;
  return {
    scientificName,
    ...(knownRank !== undefined && KNOWN_RANKS.includes(knownRank) && { taxonRank: knownRank }),
    ...(higher['class'] === 'Insecta' && INSECTS),
    ...higher,
    ...vernacularNames(scientificName, index),
  };
}

/** From the root down to the taxon itself, as a card has it. */
function higherTaxa(scientificName: string, index: TaxonIndex): Record<string, string> {
  const steps = index.lineageOf(scientificName).filter(({ rank }) => HIGHER_RANKS.includes(rank));
  return Object.fromEntries(steps.map(({ rank, taxon }) => [rank, taxon]));
}

/** Keys of three letters (ISO 639-3). */
function vernacularNames(taxon: string, index: TaxonIndex) {
  const { en, de } = index.namesOf({ taxon }) ?? {};
  if (en === undefined && de === undefined) return {};
  return { vernacularNames: { ...(en !== undefined && { eng: en }), ...(de !== undefined && { deu: de }) } };
}
