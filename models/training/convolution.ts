import type { Random } from '../../apps/simulator/random.js';
import { Weights } from './weights.js';

const KERNEL = 3;
const STRIDE = 2;

export interface Size {
  readonly channels: number;
  readonly side: number;
}

/**
 * A convolution of 3 × 3 with stride 2 and a margin of 1, then ReLU. Images are [channels, side, side], one at a time.
 *
 * The neighbourhood of every output pixel is laid out as a column, so that forward and backward are plain products of
 * matrices, whose inner loops run along memory.
 */
export class Convolution {
  readonly output: Size;
  readonly weights: Weights;
  readonly bias: Weights;
  private readonly columns: Float32Array;
  private readonly pixelOf: Int32Array;
  private readonly taps: number;
  private readonly area: number;

  constructor(
    readonly input: Size,
    channels: number,
    chance: Random,
  ) {
    this.output = { channels, side: Math.ceil(input.side / STRIDE) };
    this.taps = input.channels * KERNEL * KERNEL;
    this.area = this.output.side ** 2;
    // He et al. 2015: keeps the variance through ReLU.
    this.weights = Weights.normal(channels * this.taps, Math.sqrt(2 / this.taps), chance);
    this.bias = Weights.zero(channels);
    this.pixelOf = pixelsOf(input, this.output.side);
    this.columns = new Float32Array(this.pixelOf.length);
  }

  forward(image: Float32Array): Float32Array {
    const { taps, area, columns } = this;
    this.layOut(image);
    const output = new Float32Array(this.output.channels * area);
    for (let channel = 0; channel < this.output.channels; channel += 1) {
      const row = output.subarray(channel * area, (channel + 1) * area);
      row.fill(this.bias.values[channel] as number);
      for (let tap = 0; tap < taps; tap += 1) {
        const weight = this.weights.values[channel * taps + tap] as number;
        for (let p = 0, at = tap * area; p < area; p += 1, at += 1)
          row[p] = (row[p] as number) + weight * (columns[at] as number);
      }
      for (let p = 0; p < area; p += 1) if ((row[p] as number) < 0) row[p] = 0;
    }
    return output;
  }

  /**
   * Adds to the gradients of the weights.
   *
   * @param image what `forward` was given, `output` what it gave; `slope` the gradient of the loss by `output`
   * @returns the gradient of the loss by `image`; empty for the first layer, which nobody asks
   */
  backward(image: Float32Array, output: Float32Array, slope: Float32Array, isFirst: boolean): Float32Array {
    const { taps, area, columns } = this;
    this.layOut(image);
    const columnSlope = new Float32Array(isFirst ? 0 : columns.length);
    for (let channel = 0; channel < this.output.channels; channel += 1) {
      const row = slope.subarray(channel * area, (channel + 1) * area);
      let sum = 0;
      for (let p = 0; p < area; p += 1) {
        if ((output[channel * area + p] as number) <= 0) row[p] = 0;
        sum += row[p] as number;
      }
      this.bias.slopes[channel] = (this.bias.slopes[channel] as number) + sum;
      for (let tap = 0; tap < taps; tap += 1) {
        const index = channel * taps + tap;
        let product = 0;
        for (let p = 0, at = tap * area; p < area; p += 1, at += 1)
          product += (row[p] as number) * (columns[at] as number);
        this.weights.slopes[index] = (this.weights.slopes[index] as number) + product;
        if (isFirst) continue;
        const weight = this.weights.values[index] as number;
        for (let p = 0, at = tap * area; p < area; p += 1, at += 1)
          columnSlope[at] = (columnSlope[at] as number) + weight * (row[p] as number);
      }
    }
    return isFirst ? columnSlope : this.gather(columnSlope);
  }

  private layOut(image: Float32Array): void {
    const { columns, pixelOf } = this;
    for (let at = 0; at < columns.length; at += 1) {
      const pixel = pixelOf[at] as number;
      columns[at] = pixel < 0 ? 0 : (image[pixel] as number);
    }
  }

  private gather(columnSlope: Float32Array): Float32Array {
    const { pixelOf } = this;
    const slope = new Float32Array(this.input.channels * this.input.side ** 2);
    for (let at = 0; at < columnSlope.length; at += 1) {
      const pixel = pixelOf[at] as number;
      if (pixel >= 0) slope[pixel] = (slope[pixel] as number) + (columnSlope[at] as number);
    }
    return slope;
  }
}

/** Which pixel of the input stands at each place of the columns, [taps, area]; -1 in the margin. */
function pixelsOf({ channels, side }: Size, outSide: number): Int32Array {
  return Int32Array.from({ length: channels * KERNEL * KERNEL * outSide ** 2 }, (_, at) => {
    const tap = Math.floor(at / outSide ** 2);
    const y = (Math.floor(at / outSide) % outSide) * STRIDE + (Math.floor(tap / KERNEL) % KERNEL) - 1;
    const x = (at % outSide) * STRIDE + (tap % KERNEL) - 1;
    if (y < 0 || y >= side || x < 0 || x >= side) return -1;
    return (Math.floor(tap / (KERNEL * KERNEL)) * side + y) * side + x;
  });
}
