import type { Label } from '../observation/label.js';
import { splitName } from '../observation/scientific-name.js';
import { toName } from '../run/ids.js';
import { type DecidedTaxon, decidedTaxonOf, type ModelVerdict, type ReviewVerdict } from './review.js';

/** The label of what a person called no insect, where nothing says what else it is. */
const NOT_INSECT = 'not-insect';
const LONGEST_LABEL = 64;

/** A review as a person sends it. */
interface NamedReview {
  readonly verdict: ReviewVerdict;
  /** `relabel`: a label of the card. `agree`: the label that the person saw. */
  readonly label?: string | undefined;
  /** `relabel`, `not-insect`: a scientific name. */
  readonly taxon?: string | undefined;
  readonly rank?: string | undefined;
  readonly group?: string | undefined;
}

/** What a review cannot mean. `stale`: it was right once, and is not as things stand. */
export interface ReviewFault {
  readonly kind: 'wrong' | 'stale';
  readonly field: 'verdict' | 'label';
  readonly message: string;
}

interface Naming {
  readonly named?: DecidedTaxon;
  readonly fault?: ReviewFault;
}

/**
 * Settles what a review names, for good: cards and observations may be others later.
 *
 * A taxon that a label of the card stands for is that label, so that one kind of insect is not counted under two names.
 * Any other taxon makes a label of its own.
 *
 * @param observation of the model that speaks now
 * @param labels of the active card; undefined where there is no model
 */
export function nameReview(
  said: NamedReview,
  observation: ModelVerdict | undefined,
  labels: ReadonlyMap<string, Label> | undefined,
): Naming {
  if (said.verdict === 'agree') return agreed(said, observation);
  if (said.verdict === 'relabel') return relabelled(said, labels);
  if (said.verdict === 'not-insect') {
    if (said.taxon !== undefined)
      return { named: { ...taxonNamed(said, said.taxon, labels), insect: false } };
    // The model said so too, and knows what else it is.
    if (observation && !observation.insect) return { named: decidedTaxonOf(observation) };
    return { named: { label: NOT_INSECT, insect: false } };
  }
  return {};
}

function agreed({ label }: NamedReview, observation: ModelVerdict | undefined): Naming {
  if (!observation) {
    const message = 'has nothing to agree with: no model has observed this run yet';
    return { fault: { kind: 'stale', field: 'verdict', message } };
  }
  if (label !== undefined && label !== observation.label) {
    const message = `is not what the model says by now: that is ${observation.label}`;
    return { fault: { kind: 'stale', field: 'label', message } };
  }
  return { named: decidedTaxonOf(observation) };
}

function relabelled(said: NamedReview, labels: ReadonlyMap<string, Label> | undefined): Naming {
  const { label = '', taxon } = said;
  if (taxon !== undefined) return { named: taxonNamed(said, taxon, labels) };
  const onCard = labels?.get(label);
  if (onCard) return { named: ofCard(onCard) };
  const message = labels
    ? 'is not a label of the active model: GET /api/v1/labels lists them; or name a taxon'
    : 'cannot be looked up, since no model is active: name a taxon';
  return { fault: { kind: 'wrong', field: 'label', message } };
}

function taxonNamed(
  { rank, group }: NamedReview,
  taxon: string,
  labels: ReadonlyMap<string, Label> | undefined,
): DecidedTaxon {
  const { name } = splitName(taxon);
  const sought = name.toLowerCase();
  const [only, ...others] = [...(labels?.values() ?? [])].filter(
    (label) => label.taxon?.toLowerCase() === sought,
  );
  if (only && !others.length) return ofCard(only);
  // Labels that share a taxon are parts of it, such as wild bees and wasps of Hymenoptera: none of them is what was named.
  const groups = new Set([only, ...others].map((label) => label?.group));
  return {
    label: labelOfTaxon(name),
    // With the authorship that the person gave: the history keeps it, the verdict does without.
    taxon,
    rank: rank ?? only?.rank,
    group: group ?? (groups.size === 1 ? only?.group : undefined),
    insect: true,
  };
}

const ofCard = ({ id, taxon, rank, group, kind }: Label): DecidedTaxon => ({
  label: id,
  taxon,
  rank,
  group,
  insect: kind !== 'non_insect',
});

/** `Volucella zonaria` → `Volucella_zonaria`: labels have no spaces, and letters without marks. */
export const labelOfTaxon = (taxon: string): string =>
  toName(taxon.replaceAll('×', 'x').normalize('NFKD').replace(/\p{M}/gu, ''), LONGEST_LABEL);
