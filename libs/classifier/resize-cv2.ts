import type { RgbImage } from './image.js';
import { resampler } from './resize-cv2-passes.js';
import { roundHalfEven } from './round-half-even.js';

const COEFFICIENT_ONE = 2048;
const LEFT_BITS = 0xffff;

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
  const last = image.height - 1;
  const passes = resampler(image.width, across.from, across.weights, height);
  for (let y = 0; y < height; y++) {
    const from = down.from[y] as number;
    const weights = down.weights[y] as number;
    passes.blend(
      passes.stretched(image.pixels, Math.min(Math.max(from, 0), last)),
      passes.stretched(image.pixels, Math.min(Math.max(from + 1, 0), last)),
      weights & LEFT_BITS,
      weights >> 16,
      y,
    );
  }
  out.set(passes.result());
  return out;
}

/** For each target position: the left (upper) source position, and both weights in 1/2048, the left one in the low half. */
interface Taps {
  readonly from: Int32Array;
  readonly weights: Int32Array;
}

// OpenCV computes positions in double, narrows them to float, and clamps columns here but rows when it reads.
function taps(sourceLength: number, targetLength: number, clamp: boolean): Taps {
  const scale = 1 / (targetLength / sourceLength);
  const from = new Int32Array(targetLength);
  const weights = new Int32Array(targetLength);
  for (let i = 0; i < targetLength; i++) {
    const position = Math.fround((i + 0.5) * scale - 0.5);
    let left = Math.floor(position);
    let part = Math.fround(position - left);
    if (clamp && (left < 0 || left >= sourceLength - 1)) {
      left = left < 0 ? 0 : sourceLength - 1;
      part = 0;
    }
    from[i] = left;
    const leftWeight = roundHalfEven(Math.fround(Math.fround(1 - part) * COEFFICIENT_ONE));
    const rightWeight = roundHalfEven(Math.fround(part * COEFFICIENT_ONE));
    weights[i] = leftWeight | (rightWeight << 16);
  }
  return { from, weights };
}
