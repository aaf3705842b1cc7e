import { lineageOf } from '../../../libs/domain/index.js';
import type { LabelBook } from './label-book.js';

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
export function taxonOf(scientificName: string, rank: string | undefined, book: LabelBook) {
  const labels = book.labelsOf(scientificName);
  const higher = higherTaxa(scientificName, book);
  const knownRank = rank ?? labels[0]?.rank;
  return {
    scientificName,
    ...(knownRank !== undefined && KNOWN_RANKS.includes(knownRank) && { taxonRank: knownRank }),
    ...(higher['class'] === 'Insecta' && INSECTS),
    ...higher,
    ...vernacularNames(labels.map(({ names }) => names)),
  };
}

/** From the root down to the taxon itself, as a card has it. */
function higherTaxa(scientificName: string, book: LabelBook): Record<string, string> {
  const label = book.labelsOf(scientificName)[0] ?? book.labelUnder(scientificName);
  const lineage = label ? lineageOf(label) : [];
  const own = lineage.findIndex(({ taxon }) => taxon === scientificName);
  const steps = lineage.slice(0, own + 1).filter(({ rank }) => HIGHER_RANKS.includes(rank));
  return Object.fromEntries(steps.map(({ rank, taxon }) => [rank, taxon]));
}

/** Keys of three letters (ISO 639-3). Several labels for one taxon are parts of it, and their names not its own. */
function vernacularNames(names: readonly { readonly en: string; readonly de?: string | undefined }[]) {
  const distinct = new Map(names.map((name) => [name.en, name]));
  const [name] = distinct.values();
  if (!name || distinct.size > 1) return {};
  return { vernacularNames: { eng: name.en, ...(name.de !== undefined && { deu: name.de }) } };
}
