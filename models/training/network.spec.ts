import { describe, expect, it } from '@jest/globals';
import { Random } from '../../apps/simulator/random.js';
import { Network, softmax } from './network.js';
import { train } from './train.js';

const SMALL = { side: 8, channels: [3, 4], labels: 3 };
const SMOOTHING = 0.05;
const STEP = 1e-2;

const image = (): Float32Array => {
  const chance = new Random('image');
  return Float32Array.from({ length: 3 * SMALL.side ** 2 }, () => chance.normal());
};

/** The loss that `study` goes down, from the logits alone. */
function loss(network: Network, label: number): number {
  const probabilities = softmax(network.logits(image()));
  const target = (i: number) => (i === label ? 1 - SMOOTHING : SMOOTHING / (network.labels - 1));
  return probabilities.reduce((sum, p, i) => sum - target(i) * Math.log(p), 0);
}

describe('the network', () => {
  it('has the gradients that differences show', () => {
    const network = new Network(SMALL.side, SMALL.channels, SMALL.labels, 'gradient');
    network.study(image(), 1, 1);
    const checked = [...network.layers, network].flatMap(({ weights, bias }) => [weights, bias]);
    for (const { values, slopes } of checked) {
      for (let i = 0; i < values.length; i += 1) {
        const value = values[i] as number;
        values[i] = value + STEP;
        const above = loss(network, 1);
        values[i] = value - STEP;
        const below = loss(network, 1);
        values[i] = value;
        expect(slopes[i]).toBeCloseTo((above - below) / (2 * STEP), 2);
      }
    }
  });

  it('comes out of the same training the same', async () => {
    const training = { seed: 'again', perKind: 2, epochs: 1 };
    const [first, second] = [await train(training, () => {}), await train(training, () => {})];
    expect(first.weights.values).toEqual(second.weights.values);
    expect(first.layers[0]?.weights.values).toEqual(second.layers[0]?.weights.values);
    expect((await train({ ...training, seed: 'other' }, () => {})).weights.values).not.toEqual(
      first.weights.values,
    );
  });
});
