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
  const wide = image.width === width ? image.pixels : resizeAcross(image, width);
  if (image.height === height) out.set(wide);
  else resizeDown(wide, width, image.height, height, out);
  return out;
}

function resizeAcross({ pixels, width: sourceWidth, height }: RgbImage, width: number): Uint8Array {
  const taps = triangle(sourceWidth, width);
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
  pixels: Uint8Array,
  width: number,
  sourceHeight: number,
  height: number,
  out: Uint8Array,
): void {
  const taps = triangle(sourceHeight, height);
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

// Rounded coefficients can sum to a little over one: the sum needs a ceiling, and no floor.
function to8bit(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return Math.min(value, 255);
}

function triangle(sourceLength: number, targetLength: number): Taps {
  const scale = sourceLength / targetLength;
  const support = Math.max(scale, 1);
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
      const weight = Math.max(1 - Math.abs((x - centre + 0.5) * (1 / support)), 0);
      weights.push(weight);
      total += weight;
    }
    from[i] = first;
    count[i] = weights.length;
    weights.forEach((weight, k) => {
      coefficients[i * width + k] = Math.trunc(0.5 + weight * (1 / total) * 2 ** PRECISION_BITS);
    });
  }
  return { from, count, coefficients, width };
}
