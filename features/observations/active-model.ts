import { type ModelCard, type ModelPackage, unpackProbabilities } from '../../libs/classifier/index.js';
import type { Db } from '../../libs/database/index.js';
import {
  DEFAULT_DECISION,
  DEFAULT_TAXON_RULE,
  type DecisionRule,
  groupVotes,
  type Label,
  type Observation,
  observe,
  observeTaxa,
  occurring,
  type RunId,
  type TaxonNode,
  type TaxonRule,
  TaxonTree,
} from '../../libs/domain/index.js';
import { answersOf, votesOf } from './classifications.repository.js';

/** The model that speaks now, as far as observations need to know it. */
export interface ActiveModel {
  /** Name and version, unique: `<id>-<version>`. */
  readonly key: string;
  readonly labels: ReadonlyMap<string, Label>;
  readonly decision: DecisionRule;
  /** Where runs are decided by the probabilities of all labels. */
  readonly taxa?: {
    readonly tree: TaxonTree;
    readonly rule: TaxonRule;
    readonly allowed: ReadonlySet<TaxonNode>;
    /** Of the single crops. */
    readonly temperature: number;
  };
}

/** What observations need of a model package. */
export function activeModel({ key, card }: Pick<ModelPackage, 'key' | 'card'>): ActiveModel {
  const { unsureBelow, marginBelow } = card.decision;
  const taxa = taxaOf(card);
  return {
    key,
    labels: new Map(card.labels.map((label) => [label.id, label])),
    decision: { ...DEFAULT_DECISION, unsureBelow, marginBelow },
    ...(taxa && { taxa }),
  };
}

function taxaOf({ labels, decision }: ModelCard): ActiveModel['taxa'] {
  const tree = new TaxonTree(labels);
  if (decision.rule === 'votes' || !tree.isComplete) return undefined;
  const rule = { ...DEFAULT_TAXON_RULE, ...decision.taxa };
  return { tree, rule, allowed: occurring(tree, undefined), temperature: decision.temperature };
}

/**
 * What a model says of a run by the answers that are stored, in whatever order they came.
 *
 * @returns undefined if no crop of it has an answer
 */
export async function observeRun(db: Db, run: RunId, model: ActiveModel): Promise<Observation | undefined> {
  if (!model.taxa) return observe(await votesOf(db, run, model.key), model.labels, model.decision);
  return observeAnswers(await answersOf(db, run, model.key), model);
}

/** The answer for one crop, as it is stored. */
export interface CropAnswer {
  readonly label: string;
  readonly probability: number;
  readonly logits: Uint8Array | null;
}

/** The same by answers that are at hand, in the order of the crop ids. */
export function observeAnswers(answers: readonly CropAnswer[], model: ActiveModel): Observation | undefined {
  const { taxa } = model;
  const votes = groupVotes(answers);
  const crops = answers.flatMap(({ logits }) => {
    const vector = taxa && logits && unpackProbabilities(logits, taxa.tree.labels.length, taxa.temperature);
    return vector ? [vector] : [];
  });
  // Answers without a vector were stored by hand, or are those of another card: then the best labels are all there is.
  if (!taxa || !crops.length) return observe(votes, model.labels, model.decision);
  return observeTaxa(crops, votes, taxa.tree, taxa.rule, taxa.allowed);
}
