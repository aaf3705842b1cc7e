import type { RgbImage } from './image.js';
import { resample, type Taps } from './resize-cv2-passes.js';
import { roundHalfEven } from './round-half-even.js';

const COEFFICIENT_ONE = 2048;

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
  out.set(resample(image, taps(image.width, width, true), taps(image.height, height, false)));
  return out;
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
