import { Random } from '../../apps/simulator/random.js';
import { Convolution } from './convolution.js';
import { Weights } from './weights.js';

/** A little of the certainty goes to the other labels, so that probabilities stay below 1 (label smoothing). */
const SMOOTHING = 0.05;

/** Convolutions that halve the side each, the mean over what is left, and one logit per label. */
export class Network {
  readonly layers: readonly Convolution[];
  /** [labels, channels of the last layer] */
  readonly weights: Weights;
  readonly bias: Weights;

  constructor(
    readonly side: number,
    channels: readonly number[],
    readonly labels: number,
    seed: string,
  ) {
    const chance = new Random('network', seed);
    let size = { channels: 3, side };
    this.layers = channels.map((count) => {
      const layer = new Convolution(size, count, chance);
      size = layer.output;
      return layer;
    });
    this.weights = Weights.normal(labels * size.channels, Math.sqrt(1 / size.channels), chance);
    this.bias = Weights.zero(labels);
  }

  /** @param image [3, side, side]. @returns one logit per label */
  logits(image: Float32Array): Float32Array {
    return this.head(means(this.outputsOf(image).at(-1) as Float32Array, this.lastArea));
  }

  /**
   * Adds to the gradients what this image teaches.
   *
   * @returns the cross-entropy of its answer
   */
  study(image: Float32Array, label: number, share: number): number {
    const outputs = this.outputsOf(image);
    const features = means(outputs.at(-1) as Float32Array, this.lastArea);
    const probabilities = softmax(this.head(features));
    const slope = probabilities.map(
      (p, i) => (p - (i === label ? 1 - SMOOTHING : SMOOTHING / (this.labels - 1))) * share,
    );
    let back = this.headBackward(features, slope);
    for (let i = this.layers.length - 1; i >= 0; i -= 1) {
      const input = i === 0 ? image : (outputs[i - 1] as Float32Array);
      back = (this.layers[i] as Convolution).backward(input, outputs[i] as Float32Array, back, i === 0);
    }
    return -Math.log(Math.max(probabilities[label] as number, 1e-12));
  }

  learn(rate: number): void {
    for (const { weights, bias } of [...this.layers, this]) {
      weights.learn(rate);
      bias.learn(rate);
    }
  }

  private get lastArea(): number {
    return (this.layers.at(-1) as Convolution).output.side ** 2;
  }

  private outputsOf(image: Float32Array): Float32Array[] {
    let last = image;
    return this.layers.map((layer) => {
      last = layer.forward(last);
      return last;
    });
  }

  private head(features: Float32Array): Float32Array {
    return this.bias.values.map((bias, label) => {
      let sum = bias;
      for (const [i, feature] of features.entries())
        sum += feature * (this.weights.values[label * features.length + i] as number);
      return sum;
    });
  }

  /** @returns the gradient by the last layer's output */
  private headBackward(features: Float32Array, slope: Float32Array): Float32Array {
    const area = this.lastArea;
    const back = new Float32Array(features.length * area);
    for (const [label, bySlope] of slope.entries()) {
      this.bias.slopes[label] = (this.bias.slopes[label] as number) + bySlope;
      for (const [i, feature] of features.entries()) {
        const at = label * features.length + i;
        this.weights.slopes[at] = (this.weights.slopes[at] as number) + bySlope * feature;
        const share = ((this.weights.values[at] as number) * bySlope) / area;
        for (let p = i * area; p < (i + 1) * area; p += 1) back[p] = (back[p] as number) + share;
      }
    }
    return back;
  }
}

function means(output: Float32Array, area: number): Float32Array {
  return Float32Array.from({ length: output.length / area }, (_, channel) => {
    let sum = 0;
    for (let p = channel * area; p < (channel + 1) * area; p += 1) sum += output[p] as number;
    return sum / area;
  });
}

export function softmax(logits: Float32Array): Float32Array {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
