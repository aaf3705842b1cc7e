import { toName } from '../../domain/index.js';
import type { ModelLabel } from './card.js';

const BINOMIAL = /^([A-Z][a-z-]+) [a-z-]+$/;

/**
 * Labels from bare class names. A Latin binomial becomes a taxon with its genus; `none_*` and `background` are no
 * insects; for anything else the name is all we know.
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
    return { index, id, taxon: name, rank: 'species', lineage, names: { en: name }, kind };
  });
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
