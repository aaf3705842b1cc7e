import type { ImageSize } from './image-size.js';

/** What a picture may announce before it is decoded. */
interface PictureLimits {
  /** Width × height. */
  readonly pixels: number;
  /** The longer side, in pixels. */
  readonly side: number;
}

/** A camera's progressive JPEG has about ten scans; as many more are taken where the picture is small. */
const PASSES_OVER_LARGEST = 16;

/**
 * Why decoding it would cost more than any picture of a camera does, from its header alone: a few bytes can announce
 * gigabytes, or minutes.
 *
 * @param bytes how many the picture has
 * @returns undefined where it may be decoded
 */
export function tooCostly(
  { width, height, leastBytes, passes }: ImageSize,
  bytes: number,
  { pixels, side }: PictureLimits,
): string | undefined {
  const size = `${width} × ${height} pixels`;
  if (width * height > pixels) return `the image has ${size}: at most ${pixels / 1e6} megapixels are taken`;
  if (Math.max(width, height) > side) return `the image has ${size}: the longer side may have ${side}`;
  if (bytes < leastBytes)
    return `the image announces ${size} in ${bytes} bytes: a picture of that size has ${leastBytes} at least`;
  if (passes * width * height > PASSES_OVER_LARGEST * pixels)
    return `the image goes over its ${size} ${passes} times: at most ${Math.floor((PASSES_OVER_LARGEST * pixels) / (width * height))} scans are taken`;
  return undefined;
}
