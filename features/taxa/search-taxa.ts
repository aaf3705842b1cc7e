import { labelOfTaxon } from '../../libs/domain/index.js';
import { groupOfTaxon, LABEL_NAMES, type Names, rankOf, TAXON_NAMES } from './names.js';
import type { UsedLabel } from './taxa.repository.js';
import type { TaxonIndex } from './taxon-index.js';

/** Something that a run can be relabelled to. */
export interface TaxonEntry {
  readonly label: string;
  readonly taxon?: string | undefined;
  readonly rank?: string | undefined;
  readonly group?: string | undefined;
  readonly kind: 'taxon' | 'non_insect' | 'other';
  readonly names?: Names | undefined;
  /** A label of the model that classifies. */
  readonly active: boolean;
  /** Reviews that name it. */
  readonly used: number;
  /** Keys of the installed models that have it. */
  readonly models: readonly string[];
}

/**
 * All that people may relabel to: labels of the installed models, what people have named before, and common taxa that we
 * have names for. What two models call differently and is one taxon stands once, as the active model has it.
 */
export function taxonEntries(
  index: TaxonIndex,
  active: string | undefined,
  used: readonly UsedLabel[],
): TaxonEntry[] {
  const entries = new Map<string, TaxonEntry>();
  const byTaxon = new Map<string, string>();
  for (const { key, labels, installed } of index.models) {
    if (!installed) continue;
    for (const { id, taxon, rank, group, kind } of labels.values()) {
      const isWhole = taxon !== undefined && isAlone(labels, taxon);
      const known = entries.get(id) ?? (isWhole ? entries.get(byTaxon.get(taxon) ?? '') : undefined);
      if (known) {
        const has = known.taxon !== taxon || known.models.includes(key);
        if (!has) entries.set(known.label, { ...known, models: [...known.models, key] });
        continue;
      }
      const names = index.namesOf({ label: id, taxon, model: key });
      entries.set(id, {
        label: id,
        taxon,
        rank,
        group,
        kind,
        names,
        active: key === active,
        used: 0,
        models: [key],
      });
      if (isWhole && !byTaxon.has(taxon)) byTaxon.set(taxon, id);
    }
  }
  for (const { label, taxon, rank, group, insect, times } of used) {
    const known = entries.get(label) ?? entries.get(byTaxon.get(taxon ?? '') ?? '');
    const names = index.namesOf({ label, taxon });
    const kind = insect ? ('taxon' as const) : ('non_insect' as const);
    const entry = known ?? { label, taxon, rank, group, kind, names, active: false, used: 0, models: [] };
    entries.set(entry.label, { ...entry, used: entry.used + times });
    if (taxon !== undefined && !byTaxon.has(taxon)) byTaxon.set(taxon, entry.label);
  }
  for (const taxon of Object.keys(TAXON_NAMES)) {
    const label = labelOfTaxon(taxon);
    if (byTaxon.has(taxon) || entries.has(label)) continue;
    const group = groupOfTaxon(taxon);
    const names = index.namesOf({ taxon });
    const insect = !NO_INSECTS.has(taxon);
    const kind = insect ? ('taxon' as const) : ('non_insect' as const);
    entries.set(label, {
      label,
      taxon,
      rank: rankOf(taxon),
      group,
      kind,
      names,
      active: false,
      used: 0,
      models: [],
    });
  }
  for (const [label, names] of Object.entries(LABEL_NAMES))
    if (!entries.has(label))
      entries.set(label, { label, kind: 'non_insect', names, active: false, used: 0, models: [] });
  return [...entries.values()];
}

/** Something that no list has: a label of a card whose model is not installed, or a taxon that only a lineage names. */
export function entryOf(index: TaxonIndex, name: string): TaxonEntry | undefined {
  const onCard = index.cardLabel({ label: name });
  const rest = { active: false, used: 0, models: [] };
  if (onCard) {
    const { id: label, taxon, rank, group, kind } = onCard;
    return { label, taxon, rank, group, kind, names: index.namesOf({ label, taxon }), ...rest };
  }
  const own = index.lineageOf(name).at(-1);
  if (own?.taxon !== name || !index.labelUnder(name)) return undefined;
  const names = index.namesOf({ taxon: name });
  return { label: labelOfTaxon(name), taxon: name, rank: own.rank, kind: 'taxon', names, ...rest };
}

const NO_INSECTS = new Set(['Arachnida', 'Araneae', 'Aves']);

/** Two labels of one card may stand for parts of one taxon, as wild bees and wasps do for Hymenoptera: neither is all of it. */
const isAlone = (
  labels: ReadonlyMap<string, { readonly taxon?: string | undefined }>,
  taxon: string,
): boolean => [...labels.values()].filter((label) => label.taxon === taxon).length === 1;

/** How well a text fits what was typed, the best first. */
const FIT = { whole: 0, begins: 1, word: 2, inside: 3 };
/** Added where neither the active model nor people have it: it comes behind what they know, unless that only has the text inside. */
const UNFAMILIAR = 2.5;
/** Shorter than this, too much has it inside. German names are compounds: `fliege` finds `Schwebfliege`. */
const INSIDE_FROM = 4;
const WORD = /[\s_\-/().,’']+/;

/** Case, umlauts and other marks do not count. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();

/** As many spell umlauts where their keyboard has none. */
const spelled = (text: string): string =>
  text.normalize('NFC').replace(/[äöüÄÖÜ]/g, (letter) => `${fold(letter)}e`);

/** Lists are searched many times while somebody types. */
const foldedTexts = new WeakMap<TaxonEntry, readonly string[]>();

function textsOf(entry: TaxonEntry): readonly string[] {
  const known = foldedTexts.get(entry);
  if (known) return known;
  const { label, taxon, names } = entry;
  const texts = [names?.de, names?.en, taxon, label].filter((text) => text !== undefined);
  const folded = [...new Set(texts.flatMap((text) => [fold(text), fold(spelled(text))]))];
  foldedTexts.set(entry, folded);
  return folded;
}

function fitOf(text: string, sought: string, words: readonly string[]): number | undefined {
  if (text === sought) return FIT.whole;
  if (text.startsWith(sought)) return FIT.begins;
  const parts = text.split(WORD);
  if (words.every((word) => parts.some((part) => part.startsWith(word)))) return FIT.word;
  if (sought.length >= INSIDE_FROM && words.every((word) => text.includes(word))) return FIT.inside;
  return undefined;
}

/** Best first: how well it fits, then the active model's labels, then what people have used most, then the shorter. */
export function searchTaxa(entries: readonly TaxonEntry[], query: string, limit: number): TaxonEntry[] {
  const sought = fold(query);
  const words = sought.split(WORD).filter((word) => word !== '');
  const found = entries.flatMap((entry) => {
    if (!words.length) return [{ entry, fit: FIT.whole, length: 0 }];
    const texts = textsOf(entry);
    const fits = texts.map((text) => fitOf(text, sought, words) ?? Number.POSITIVE_INFINITY);
    const best = Math.min(...fits);
    if (!Number.isFinite(best)) return [];
    const fit = best + (entry.active || entry.used > 0 ? 0 : UNFAMILIAR);
    return [{ entry, fit, length: (texts[fits.indexOf(best)] as string).length }];
  });
  return found
    .sort(
      (a, b) =>
        a.fit - b.fit ||
        (words.length
          ? Number(b.entry.active) - Number(a.entry.active) || b.entry.used - a.entry.used
          : b.entry.used - a.entry.used || Number(b.entry.active) - Number(a.entry.active)) ||
        a.length - b.length ||
        (a.entry.label < b.entry.label ? -1 : 1),
    )
    .slice(0, limit)
    .map(({ entry }) => entry);
}
