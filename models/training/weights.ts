import type { Random } from '../../apps/simulator/random.js';

const DECAY_MEAN = 0.9;
const DECAY_SQUARE = 0.999;
const EPSILON = 1e-8;

/** Numbers that are learned, the gradient of the loss by them, and what Adam remembers of it (Kingma and Ba 2015). */
export class Weights {
  readonly slopes: Float32Array;
  private readonly mean: Float32Array;
  private readonly square: Float32Array;
  private steps = 0;

  private constructor(readonly values: Float32Array) {
    this.slopes = new Float32Array(values.length);
    this.mean = new Float32Array(values.length);
    this.square = new Float32Array(values.length);
  }

  static zero(count: number): Weights {
    return new Weights(new Float32Array(count));
  }

  static normal(count: number, deviation: number, chance: Random): Weights {
    return new Weights(Float32Array.from({ length: count }, () => chance.normal() * deviation));
  }

  /** One step against the gradient, which begins at zero again. */
  learn(rate: number): void {
    this.steps += 1;
    const meanBias = 1 - DECAY_MEAN ** this.steps;
    const squareBias = 1 - DECAY_SQUARE ** this.steps;
    for (let i = 0; i < this.values.length; i += 1) {
      const slope = this.slopes[i] as number;
      const mean = DECAY_MEAN * (this.mean[i] as number) + (1 - DECAY_MEAN) * slope;
      const square = DECAY_SQUARE * (this.square[i] as number) + (1 - DECAY_SQUARE) * slope * slope;
      this.mean[i] = mean;
      this.square[i] = square;
      const step = mean / meanBias / (Math.sqrt(square / squareBias) + EPSILON);
      this.values[i] = (this.values[i] as number) - rate * step;
    }
    this.slopes.fill(0);
  }
}
