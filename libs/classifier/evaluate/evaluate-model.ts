import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  DEFAULT_TAXON_RULE,
  type Decision,
  decideRun,
  evidenceOf,
  occurring,
  sumOf,
  type TaxonRule,
  type TaxonTree,
} from '../../domain/index.js';
import type { ModelPackage } from '../card/model-folders.js';
import { type ClassifyOptions, classifyFiles } from '../pool/classify-files.js';
import { unpackProbabilities } from '../session/stored-logits.js';
import type { LabelledImage, Truth } from './labelled-images.js';

/** A labelled picture with the model's answer. */
export interface AnsweredImage extends LabelledImage {
  /** Probabilities of all labels. */
  readonly vector: Float64Array;
}

export interface Answers {
  readonly answered: readonly AnsweredImage[];
  /** Pictures that could not be classified, with the reason. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
  readonly cropsPerSecond: number;
  /** Largest memory of a classifier process, where the system tells. */
  readonly memoryBytes: number | undefined;
}

/** Classifies pictures as the service does. @throws ModelError if the model is unusable */
export async function classifyImages(
  model: ModelPackage,
  images: readonly LabelledImage[],
  options: ClassifyOptions = {},
): Promise<Answers> {
  const files = images.map(({ path }, at) => ({ key: String(at), path }));
  let startedAt = 0;
  let memoryBytes: number | undefined;
  let seconds = 0;
  const results = await classifyFiles(model, files, {
    ...options,
    onReady: () => {
      startedAt = performance.now();
    },
    onDone: async (pids) => {
      seconds = (performance.now() - startedAt) / 1000;
      memoryBytes = await peakMemory(pids);
    },
  });
  const answered: AnsweredImage[] = [];
  const failed: { name: string; reason: string }[] = [];
  for (const [at, image] of images.entries()) {
    const result = results.get(String(at));
    const vector = result?.state === 'classified' ? vectorOf(result.logits, model) : undefined;
    if (vector) answered.push({ ...image, vector });
    else failed.push({ name: image.name, reason: result?.state === 'failed' ? result.message : 'no answer' });
  }
  return { answered, failed, cropsPerSecond: images.length / seconds, memoryBytes };
}

function vectorOf(logits: ArrayBufferView, { card }: ModelPackage): Float64Array | undefined {
  const bytes = new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength);
  return unpackProbabilities(bytes, card.labels.length, card.decision.temperature);
}

/** Linux tells what a process has needed at most. */
async function peakMemory(pids: readonly number[]): Promise<number | undefined> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    }),
  );
  return Math.max(...sizes, 0) || undefined;
}

/** How a decision stands to the truth. A higher taxon is right: it claims less, and nothing wrong. */
export type Outcome = 'right' | 'wrong' | 'unsure' | 'nothing';

export function outcomeOf(decision: Decision | undefined, truth: Truth): Outcome {
  if (!decision || decision.kind === 'unsure') return 'unsure';
  if (decision.kind === 'nothing') return truth.kind === 'nothing' ? 'right' : 'nothing';
  if (truth.kind === 'nothing') return 'wrong';
  const claimed = decision.node.labels;
  const isBelow = claimed.every((at) => truth.labels.includes(at));
  const isAbove = truth.labels.every((at) => claimed.includes(at));
  return isBelow || isAbove ? 'right' : 'wrong';
}

/** What a run of some pictures is decided to be. */
export function decide(
  vectors: readonly ArrayLike<number>[],
  tree: TaxonTree,
  rule: TaxonRule,
): Decision | undefined {
  const evidence = evidenceOf(vectors, tree, rule);
  return evidence && decideRun(evidence, tree, rule, occurring(tree, undefined));
}

export type OutcomeCounts = Record<Outcome, number>;

/** One point of the curve of answers against the level asked for. */
export interface CurvePoint extends OutcomeCounts {
  readonly level: number;
}

export const LEVELS = [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/** How many single pictures are right, wrong and uncertain at each level. Pictures of nothing count apart. */
export function curveOf(images: readonly AnsweredImage[], tree: TaxonTree, rule: TaxonRule): CurvePoint[] {
  return LEVELS.map((level) => {
    const counts: OutcomeCounts = { right: 0, wrong: 0, unsure: 0, nothing: 0 };
    for (const { vector, truth } of images)
      counts[outcomeOf(decide([vector], tree, { ...rule, level }), truth)] += 1;
    return { level, ...counts };
  });
}

export interface ClassFigures {
  readonly className: string;
  readonly images: number;
  /** Best label within the class, of its pictures; with the 95 % interval of Wilson. */
  readonly recall: Interval;
  /** Of the pictures whose best label is within the class. Undefined where there are none. */
  readonly precision: Interval | undefined;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Evaluation {
  readonly model: string;
  readonly images: number;
  readonly failed: Answers['failed'];
  readonly top1: Interval;
  readonly top3: Interval;
  readonly classes: readonly ClassFigures[];
  /** Mean difference between the probability of the best label and how often it is right, over ten bins. */
  readonly calibrationError: number;
  readonly rule: TaxonRule;
  readonly curve: readonly CurvePoint[];
  readonly cropsPerSecond: number;
  readonly memoryBytes: number | undefined;
  /** The surest of the wrong decisions. */
  readonly mistakes: readonly {
    readonly name: string;
    readonly path: string;
    readonly className: string;
    readonly said: string;
    readonly probability: number;
  }[];
}

const MISTAKES_SHOWN = 24;

/** Figures of a model on labelled pictures that it was not trained on. */
export function evaluate(model: ModelPackage, answers: Answers, tree: TaxonTree): Evaluation {
  const { answered: images, failed, cropsPerSecond, memoryBytes } = answers;
  const rule = { ...DEFAULT_TAXON_RULE, ...model.card.decision.taxa };
  const ranked = images.map(({ vector }) =>
    [...vector.keys()].sort((a, b) => (vector[b] as number) - (vector[a] as number)).slice(0, 3),
  );
  const isIn = (truth: Truth, at: number): boolean =>
    truth.kind === 'nothing' ? !tree.isInsect(at) : truth.labels.includes(at);
  const hits = images.map(({ truth }, i) => isIn(truth, ranked[i]?.[0] as number));
  const hits3 = images.map(({ truth }, i) => (ranked[i] ?? []).some((at) => isIn(truth, at)));
  const classes = [...new Map(images.map(({ className, truth }) => [className, truth]))].map(
    ([className, truth]) => {
      const own = images.flatMap((image, i) => (image.className === className ? [hits[i] as boolean] : []));
      const said = images.flatMap((_, i) =>
        isIn(truth, ranked[i]?.[0] as number) ? [hits[i] as boolean] : [],
      );
      return {
        className,
        images: own.length,
        recall: wilson(count(own), own.length),
        precision: said.length ? wilson(count(said), said.length) : undefined,
      };
    },
  );
  const mistakes = images.flatMap(({ name, path, className, truth, vector }) => {
    const decision = decide([vector], tree, rule);
    if (!decision || outcomeOf(decision, truth) !== 'wrong' || decision.kind !== 'taxon') return [];
    return [{ name, path, className, said: decision.node.taxon, probability: decision.probability }];
  });
  return {
    model: model.key,
    images: images.length,
    failed,
    top1: wilson(count(hits), hits.length),
    top3: wilson(count(hits3), hits3.length),
    classes: classes.sort((a, b) => (a.className < b.className ? -1 : 1)),
    calibrationError: calibrationError(
      images.map(({ vector }, i) => [vector[ranked[i]?.[0] as number] as number, hits[i] as boolean]),
    ),
    rule,
    curve: curveOf(images, tree, rule),
    cropsPerSecond,
    memoryBytes,
    mistakes: mistakes.sort((a, b) => b.probability - a.probability).slice(0, MISTAKES_SHOWN),
  };
}

const count = (values: readonly boolean[]): number => values.filter(Boolean).length;

/** A share with its 95 % interval (Wilson 1927), which holds for few pictures, too. */
export function wilson(right: number, of: number): Interval {
  if (of === 0) return { value: 0, low: 0, high: 1 };
  const z = 1.96;
  const share = right / of;
  const middle = share + z ** 2 / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const whole = 1 + z ** 2 / of;
  return {
    value: share,
    low: Math.max(0, (middle - reach) / whole),
    high: Math.min(1, (middle + reach) / whole),
  };
}

function calibrationError(pairs: readonly (readonly [number, boolean])[]): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, probability: 0, right: 0 }));
  for (const [probability, isRight] of pairs) {
    const bin = bins[Math.min(9, Math.floor(probability * 10))];
    if (!bin) continue;
    bin.count += 1;
    bin.probability += probability;
    bin.right += isRight ? 1 : 0;
  }
  return (
    bins.reduce((sum, bin) => sum + Math.abs(bin.probability - bin.right), 0) / Math.max(1, pairs.length)
  );
}

export interface Calibration {
  readonly temperature: number;
  /** Pictures that the temperature was found on, and those of the other half. */
  readonly fittedOn: number;
  readonly heldOut: number;
  /** Of the other half, with this temperature. */
  readonly curve: readonly CurvePoint[];
}

const TEMPERATURES = Array.from({ length: 37 }, (_, i) => (i + 4) / 20);

/**
 * Finds the temperature of the mean vector under which the summed probability of the best order says most truly how often
 * that order is right (logarithmic loss), on one half of the pictures. Pictures of nothing belong to it: whatever is claimed
 * for them is wrong. Which half a picture belongs to is decided by the hash of its name, so it is the same every time; what
 * the card says about accuracy comes from the other half.
 */
export function calibrate(images: readonly AnsweredImage[], tree: TaxonTree, rule: TaxonRule): Calibration {
  const isFitted = ({ name }: AnsweredImage): boolean =>
    (createHash('sha256').update(name).digest()[0] as number) % 2 === 1;
  const fitted = images.filter(isFitted);
  const heldOut = images.filter((image) => !isFitted(image));
  const orders = tree.nodes.filter(({ rank }) => rank === 'order');
  const loss = (temperature: number): number =>
    fitted.reduce((sum, { vector, truth }) => {
      const evidence = evidenceOf([vector], tree, { temperature });
      // What is decided to be nothing claims no order.
      if (!evidence || evidence.nothing >= rule.nothingAt) return sum;
      const sums = orders.map(({ labels }) => sumOf(evidence.insects, labels));
      const best = orders[sums.indexOf(Math.max(...sums))]?.labels ?? [];
      const isRight = truth.kind === 'taxon' && truth.labels.every((at) => best.includes(at));
      const probability = Math.min(1 - 1e-6, Math.max(1e-6, ...sums));
      return sum - Math.log(isRight ? probability : 1 - probability);
    }, 0);
  const losses = TEMPERATURES.map(loss);
  const temperature = TEMPERATURES[losses.indexOf(Math.min(...losses))] as number;
  const curve = curveOf(heldOut, tree, { ...rule, temperature });
  return { temperature, fittedOn: fitted.length, heldOut: heldOut.length, curve };
}
