import type { GroupNames, Names } from './names.js';
import type { TaxonIndex } from './taxon-index.js';

/** Lists of labels as a model ranks them: the taxon is added, too, since nothing else there says it. */
const RANKED = ['ranking', 'ranked'];

/**
 * Adds `names` to each object of an answer that has a label or a taxon, and `groupNames` to those that have a group alone.
 * Objects that already have them stay as they are.
 *
 * @param answer what goes out as JSON; it is changed
 */
export function addNames<T>(answer: T, index: TaxonIndex): T {
  visit(answer, index, undefined, false);
  return answer;
}

interface Named {
  label?: unknown;
  taxon?: unknown;
  group?: unknown;
  model?: unknown;
  names?: Names;
  groupNames?: GroupNames;
  modelObservation?: { readonly model?: unknown } | null;
}

function visit(value: unknown, index: TaxonIndex, model: string | undefined, isRanked: boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, index, model, isRanked);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Named;
  const own = textOr(object.model) ?? textOr(object.modelObservation?.model) ?? model;
  const seen = { label: textOr(object.label), taxon: textOr(object.taxon), model: own };
  if (seen.label !== undefined || seen.taxon !== undefined) {
    const taxon = isRanked ? index.cardLabel(seen)?.taxon : undefined;
    if (taxon !== undefined) object.taxon ??= taxon;
    const names = index.namesOf(seen);
    if (names) object.names ??= names;
  } else if (typeof object.group === 'string') {
    const groupNames = index.groupNamesOf(object.group);
    if (groupNames) object.groupNames ??= groupNames;
  }
  for (const [key, child] of Object.entries(value))
    if (typeof child === 'object' && key !== 'names' && key !== 'groupNames')
      visit(child, index, own, RANKED.includes(key));
}

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
