import type { ModelCard } from '../card/card.js';
import { packLogits, type StoredLogits } from './stored-logits.js';

/** So many of the most probable labels are kept where nothing else is asked for. */
const TOP = 5;

/** One label and how probable the model holds it, in [0, 1]. `label` is the id in the card. */
export interface RankedLabel {
  readonly label: string;
  readonly probability: number;
}

/** What the model says of one image. */
export interface Answer {
  /** The most probable labels, five unless others were asked for, most probable first; a tie goes to the alphabetically first. */
  readonly ranked: readonly RankedLabel[];
  /**
   * In the order of the card's labels, unscaled by temperature, as `packLogits` makes them: half precision beyond 64 labels.
   * Where the model gives probabilities, their natural logarithms: softmax of either gives the probabilities.
   */
  readonly logits: StoredLogits;
  /** ln Σ exp(logits): low for images unlike those of the training (Liu et al. 2020, with the sign turned). */
  readonly energy?: number;
}

/**
 * Turns the raw numbers of one image into ranked labels.
 *
 * @param raw shape [labels.length + labelOffset], as the model gave it
 * @param top how many labels are ranked, at least 1
 * @returns `undefined` where the numbers are none (NaN, infinite)
 */
export function answerOf(raw: Float32Array, card: ModelCard, top = TOP): Answer | undefined {
  const numbers = raw.subarray(card.output.labelOffset);
  if (!numbers.every(Number.isFinite)) return undefined;
  const isLogits = card.output.kind === 'logits';
  const { temperature } = card.decision;
  const logits = isLogits ? numbers.slice() : logarithms(numbers, card.output.scale ?? 1);
  const probabilities =
    !isLogits && temperature === 1
      ? Float64Array.from(numbers, (value) => clamp(value * (card.output.scale ?? 1)))
      : softmax(logits, temperature);
  return {
    ranked: rank(probabilities, card.labels, top),
    logits: packLogits(logits),
    ...(isLogits && { energy: logSumExp(logits, 1) }),
  };
}

/** Softmax of logits / temperature; sums to 1. */
export function softmax(logits: Float32Array, temperature: number): Float64Array {
  const total = logSumExp(logits, temperature);
  return Float64Array.from(logits, (logit) => Math.exp(logit / temperature - total));
}

function logSumExp(logits: Float32Array, temperature: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) largest = Math.max(largest, logit / temperature);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit / temperature - largest);
  return largest + Math.log(sum);
}

function logarithms(values: Float32Array, scale: number): Float32Array {
  return Float32Array.from(values, (value) => Math.log(Math.max(value * scale, 1e-12)));
}

function clamp(probability: number): number {
  return Math.min(Math.max(probability, 0), 1);
}

function rank(probabilities: Float64Array, labels: ModelCard['labels'], top: number): RankedLabel[] {
  const best: RankedLabel[] = [];
  for (const { index, id } of labels) {
    const probability = probabilities[index] as number;
    if (best.length === top && probability < (best[top - 1] as RankedLabel).probability) continue;
    let at = best.length;
    while (at > 0 && isBefore(id, probability, best[at - 1] as RankedLabel)) at--;
    best.splice(at, 0, { label: id, probability });
    best.length = Math.min(best.length, top);
  }
  return best;
}

function isBefore(id: string, probability: number, other: RankedLabel): boolean {
  return probability > other.probability || (probability === other.probability && id < other.label);
}
