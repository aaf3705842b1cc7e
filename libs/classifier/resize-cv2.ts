import type { RgbImage } from './image.js';
import { roundHalfEven } from './round-half-even.js';

const COEFFICIENT_ONE = 2048;

/** For each target position: the left (upper) source position, and the two weights in 1/2048. */
interface Taps {
  readonly from: Int32Array;
  readonly weights: Int32Array;
}

/**
 * Resizes as OpenCV's `resize` with `INTER_LINEAR` does for 8 bit: half-pixel centres, no antialiasing,
 * weights of 11 bits. Differs from OpenCV by at most 1 (its builds differ among themselves: SIMD, IPP, ARM).
 *
 * @param out width × height × 3, the result
 */
export function resizeCv2Linear(
  image: RgbImage,
  width: number,
  height: number,
  out: Uint8Array = new Uint8Array(width * height * 3),
): Uint8Array {
  if (image.width === width && image.height === height) {
    out.set(image.pixels);
    return out;
  }
  const across = taps(image.width, width, true);
  const down = taps(image.height, height, false);
  const rowLength = width * 3;
  let upper: Int32Array = new Int32Array(rowLength);
  let lower: Int32Array = new Int32Array(rowLength);
  let upperRow = -1;
  let lowerRow = -1;
  const last = image.height - 1;
  for (let y = 0; y < height; y++) {
    const from = down.from[y] as number;
    const wantUpper = Math.min(Math.max(from, 0), last);
    const wantLower = Math.min(Math.max(from + 1, 0), last);
    // Neighbouring target rows mostly share source rows: each is stretched once.
    if (wantUpper !== upperRow) {
      if (wantUpper === lowerRow) {
        [upper, lower] = [lower, upper];
        [upperRow, lowerRow] = [lowerRow, upperRow];
      } else {
        stretchRow(image, wantUpper, across, upper);
        upperRow = wantUpper;
      }
    }
    if (wantLower !== lowerRow) {
      if (wantLower === upperRow) lower.set(upper);
      else stretchRow(image, wantLower, across, lower);
      lowerRow = wantLower;
    }
    const b0 = down.weights[y * 2] as number;
    const b1 = down.weights[y * 2 + 1] as number;
    blend(upper, lower, b0, b1, out.subarray(y * rowLength, (y + 1) * rowLength));
  }
  return out;
}

function blend(upper: Int32Array, lower: Int32Array, b0: number, b1: number, into: Uint8Array): void {
  for (let i = 0; i < into.length; i++) {
    const sum = (Math.imul(b0, upper[i] as number) >> 16) + (Math.imul(b1, lower[i] as number) >> 16);
    into[i] = (sum + 2) >> 2;
  }
}

// OpenCV drops the lowest 4 bits before the second pass, so that 16 bit SIMD suffices. `imul` keeps it in integers.
function stretchRow(image: RgbImage, row: number, { from, weights }: Taps, into: Int32Array): void {
  const { pixels, width } = image;
  const start = row * width * 3;
  for (let x = 0, i = 0; i < into.length; x++, i += 3) {
    const left = from[x] as number;
    const a = start + left * 3;
    const b = left + 1 < width ? a + 3 : a;
    const w0 = weights[x * 2] as number;
    const w1 = weights[x * 2 + 1] as number;
    into[i] = (Math.imul(pixels[a] as number, w0) + Math.imul(pixels[b] as number, w1)) >> 4;
    into[i + 1] = (Math.imul(pixels[a + 1] as number, w0) + Math.imul(pixels[b + 1] as number, w1)) >> 4;
    into[i + 2] = (Math.imul(pixels[a + 2] as number, w0) + Math.imul(pixels[b + 2] as number, w1)) >> 4;
  }
}

// OpenCV computes positions in double, narrows them to float, and clamps columns here but rows when it reads.
function taps(sourceLength: number, targetLength: number, clamp: boolean): Taps {
  const scale = 1 / (targetLength / sourceLength);
  const from = new Int32Array(targetLength);
  const weights = new Int32Array(targetLength * 2);
  for (let i = 0; i < targetLength; i++) {
    const position = Math.fround((i + 0.5) * scale - 0.5);
    let left = Math.floor(position);
    let part = Math.fround(position - left);
    if (clamp && (left < 0 || left >= sourceLength - 1)) {
      left = left < 0 ? 0 : sourceLength - 1;
      part = 0;
    }
    from[i] = left;
    weights[i * 2] = roundHalfEven(Math.fround(Math.fround(1 - part) * COEFFICIENT_ONE));
    weights[i * 2 + 1] = roundHalfEven(Math.fround(part * COEFFICIENT_ONE));
  }
  return { from, weights };
}
