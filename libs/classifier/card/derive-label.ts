import { toName } from '../../domain/index.js';
import type { ModelLabel } from './card.js';
import { taxonomyOf } from './taxonomy.js';

const BINOMIAL = /^([A-Z][a-z-]+) [a-z-]+$/;

/**
 * Labels from bare class names. A Latin binomial becomes a taxon with its genus, and with all that the tables in
 * `models/taxonomy/` hold of it; `none_*` and `background` are no insects; for anything else the name is all we know.
 */
export function deriveLabels(classNames: readonly string[]): ModelLabel[] {
  const seen = new Set<string>();
  return classNames.map((name, index) => {
    const id = unique(slug(name) || `class_${index}`, seen);
    const kind = /^(none(_.*)?|background)$/i.test(name)
      ? 'non_insect'
      : name === 'other'
        ? 'other'
        : 'taxon';
    const genus = BINOMIAL.exec(name)?.[1];
    if (!genus) return { index, id, names: { en: name || id }, kind };
    const lineage = [
      { rank: 'genus', taxon: genus },
      { rank: 'species', taxon: name },
    ];
    return completeLabel({ index, id, taxon: name, rank: 'species', lineage, names: { en: name }, kind });
  });
}

/**
 * The label with rank, lineage, group and continents as the tables have them for its taxon. Names come from the tables
 * if the label is called after its taxon: one such as `bee` stands for less than its taxon, and has names of its own.
 */
export function completeLabel(label: ModelLabel): ModelLabel {
  const entry = label.taxon === undefined ? undefined : taxonomyOf(label.taxon);
  if (!entry) return label;
  const { rank, names, continents, lineage } = entry;
  const group = entry.group ?? label.group;
  const isCalledAfter = label.id === entry.taxon.replaceAll(' ', '_');
  return {
    index: label.index,
    id: label.id,
    taxon: entry.taxon,
    ...(label.authorship !== undefined && { authorship: label.authorship }),
    rank,
    ...(group !== undefined && { group }),
    lineage: [...lineage],
    names: isCalledAfter ? { ...names, en: names.en ?? label.names.en } : label.names,
    ...(continents.length > 0 && { continents: [...continents] }),
    kind: label.kind,
  };
}

/** A name that may stand in tags and file names: letters without accents, digits, `_`, `.`, `-`, up to 64. */
export function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  return toName(plain, 64);
}

function unique(id: string, seen: Set<string>): string {
  let candidate = id;
  for (let n = 2; seen.has(candidate); n++) candidate = `${id.slice(0, 60)}_${n}`;
  seen.add(candidate);
  return candidate;
}
