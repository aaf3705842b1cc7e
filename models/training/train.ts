import { DRAWN_KINDS } from '../../apps/simulator/drawing/drawn-kinds.js';
import { Random } from '../../apps/simulator/random.js';
import { drawExamples, type Example, inputOf, SIDE } from './drawings.js';
import { Network } from './network.js';

export interface Training {
  readonly seed: string;
  /** Drawings of each kind. */
  readonly perKind: number;
  readonly epochs: number;
}

const CHANNELS = [12, 24, 48, 64];
const BATCH = 32;
const RATE = 3e-3;

/** Trains a network from drawings alone. The same training gives the same weights. */
export async function train(
  { seed, perKind, epochs }: Training,
  say: (line: string) => void,
): Promise<Network> {
  const examples = await drawExamples(`train-${seed}`, perKind);
  say(`${examples.length} drawings`);
  const network = new Network(SIDE, CHANNELS, DRAWN_KINDS.length, seed);
  const chance = new Random('training', seed);
  const steps = Math.ceil(examples.length / BATCH) * epochs;
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const order = chance.shuffled(examples);
    let loss = 0;
    for (let first = 0; first < order.length; first += BATCH) {
      const batch = order.slice(first, first + BATCH);
      for (const { pixels, label } of batch)
        loss += network.study(inputOf(pixels, chance.whole(0, 7)), label, 1 / batch.length);
      // From the full rate down to none, along a cosine.
      network.learn((RATE * (1 + Math.cos((Math.PI * step) / steps))) / 2);
      step += 1;
    }
    say(`epoch ${epoch} of ${epochs}: loss ${(loss / order.length).toFixed(3)}`);
  }
  return network;
}

/** The share of examples whose most probable label is the right one, overall and per label. */
export function accuracy(
  network: Network,
  examples: readonly Example[],
): { all: number; perLabel: number[] } {
  const right = new Array<number>(network.labels).fill(0);
  for (const { pixels, label } of examples) {
    const logits = network.logits(inputOf(pixels));
    if (logits.indexOf(Math.max(...logits)) === label) right[label] = (right[label] as number) + 1;
  }
  const perLabel = right.map((count) => (count * network.labels) / examples.length);
  return { all: right.reduce((sum, count) => sum + count, 0) / examples.length, perLabel };
}
