import type { RgbImage } from './image.js';

// Pillow's 8 bit path: coefficients of 22 bits, rounded once per pass.
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

/** For each target position: first source position, number of taps, and `width` coefficients each. */
interface Taps {
  readonly from: Int32Array;
  readonly count: Int32Array;
  readonly coefficients: Int32Array;
  readonly width: number;
}

/**
 * Resizes exactly as Pillow's `Image.resize` with `BILINEAR` does: a triangle filter, widened when it shrinks
 * (so antialiased), first across, then down, rounded to 8 bit between the two.
 *
 * @param out width × height × 3, the result
 */
export function resizePilBilinear(
  image: RgbImage,
  width: number,
  height: number,
  out: Uint8Array = new Uint8Array(width * height * 3),
): Uint8Array {
  return resizeBy(TRIANGLE, image, width, height, out);
}

/** A filter: its weight at a distance, in pixels of the target where it shrinks, and how far it reaches. */
interface Filter {
  readonly weight: (distance: number) => number;
  readonly support: number;
}
const TRIANGLE: Filter = { weight: (x) => Math.max(1 - Math.abs(x), 0), support: 1 };
const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));
const CUBIC_A = -0.5;

/** As Pillow defines them (src/libImaging/Resample.c). */
const FILTERS = {
  'pil-bicubic': { weight: cubic, support: 2 },
  'pil-lanczos': { weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0), support: 3 },
  'pil-box': { weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0), support: 0.5 },
  'pil-hamming': { weight: hamming, support: 1 },
} as const satisfies Record<string, Filter>;

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0;
}

function hamming(distance: number): number {
  const x = Math.abs(distance);
  if (x === 0) return 1;
  return x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI));
}

/** The same with the other filters of Pillow; `pil-nearest` takes the pixel in the middle. */
export function resizePil(
  filter: keyof typeof FILTERS | 'pil-nearest',
  image: RgbImage,
  width: number,
  height: number,
  out: Uint8Array = new Uint8Array(width * height * 3),
): Uint8Array {
  if (filter !== 'pil-nearest') return resizeBy(FILTERS[filter], image, width, height, out);
  const column = (x: number) => Math.floor(((x + 0.5) * image.width) / width);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * image.height) / height) * image.width;
    for (let x = 0; x < width; x++, at += 3) {
      const from = (row + column(x)) * 3;
      for (let channel = 0; channel < 3; channel++)
        out[at + channel] = image.pixels[from + channel] as number;
    }
  }
  return out;
}

function resizeBy(
  filter: Filter,
  image: RgbImage,
  width: number,
  height: number,
  out: Uint8Array,
): Uint8Array {
  const wide = image.width === width ? image.pixels : resizeAcross(filter, image, width);
  if (image.height === height) out.set(wide);
  else resizeDown(filter, wide, width, image.height, height, out);
  return out;
}

function resizeAcross(
  filter: Filter,
  { pixels, width: sourceWidth, height }: RgbImage,
  width: number,
): Uint8Array {
  const taps = tapsOf(filter, sourceWidth, width);
  const out = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      let source = (y * sourceWidth + (taps.from[x] as number)) * 3;
      let r = HALF;
      let g = HALF;
      let b = HALF;
      const first = x * taps.width;
      const end = first + (taps.count[x] as number);
      for (let k = first; k < end; k++, source += 3) {
        const weight = taps.coefficients[k] as number;
        r += (pixels[source] as number) * weight;
        g += (pixels[source + 1] as number) * weight;
        b += (pixels[source + 2] as number) * weight;
      }
      out[at] = to8bit(r);
      out[at + 1] = to8bit(g);
      out[at + 2] = to8bit(b);
    }
  }
  return out;
}

function resizeDown(
  filter: Filter,
  pixels: Uint8Array,
  width: number,
  sourceHeight: number,
  height: number,
  out: Uint8Array,
): void {
  const taps = tapsOf(filter, sourceHeight, height);
  const rowLength = width * 3;
  // Row by row, so that memory is read in order.
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    let source = (taps.from[y] as number) * rowLength;
    const first = y * taps.width;
    const end = first + (taps.count[y] as number);
    for (let k = first; k < end; k++, source += rowLength) {
      const weight = taps.coefficients[k] as number;
      for (let i = 0; i < rowLength; i++) {
        sums[i] = (sums[i] as number) + (pixels[source + i] as number) * weight;
      }
    }
    const at = y * rowLength;
    for (let i = 0; i < rowLength; i++) out[at + i] = to8bit(sums[i] as number);
  }
}

// Rounded coefficients can sum to a little over one, and filters with negative ones go below zero.
function to8bit(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function tapsOf(filter: Filter, sourceLength: number, targetLength: number): Taps {
  const scale = sourceLength / targetLength;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const width = Math.ceil(support) * 2 + 1;
  const from = new Int32Array(targetLength);
  const count = new Int32Array(targetLength);
  const coefficients = new Int32Array(targetLength * width);
  for (let i = 0; i < targetLength; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const end = Math.min(Math.trunc(centre + support + 0.5), sourceLength);
    const weights: number[] = [];
    let total = 0;
    for (let x = first; x < end; x++) {
      const weight = filter.weight((x - centre + 0.5) * (1 / filterScale));
      weights.push(weight);
      total += weight;
    }
    from[i] = first;
    count[i] = weights.length;
    weights.forEach((weight, k) => {
      coefficients[i * width + k] = Math.trunc(
        (weight < 0 ? -0.5 : 0.5) + weight * (1 / total) * 2 ** PRECISION_BITS,
      );
    });
  }
  return { from, count, coefficients, width };
}
