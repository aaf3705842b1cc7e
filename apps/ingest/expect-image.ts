import { type ImageHeader, probeImage } from '../../libs/images/index.js';
import { Refusal } from '../../libs/protocol/index.js';
import type { IngestSettings } from './settings.js';

export type ImageLimits = Pick<IngestSettings['limits'], 'cropBytes' | 'cropPixels' | 'cropSide'>;

/** A camera's progressive JPEG has about ten scans; as many more are taken where the picture is small. */
const PASSES_OVER_LARGEST = 16;

/**
 * What the header of an image says, where these bytes are one that is taken.
 *
 * @throws Refusal `empty`, `too-large`, `not-an-image`, `too-many-pixels`
 */
export function expectImage(bytes: Buffer, limits: ImageLimits): ImageHeader {
  const { cropBytes } = limits;
  if (bytes.length === 0) throw new Refusal('empty', 'the crop has no bytes: send the image as the payload');
  if (bytes.length > cropBytes)
    throw new Refusal('too-large', `the crop has ${bytes.length} bytes: at most ${cropBytes} are taken`);
  const header = probeImage(bytes);
  if (!header)
    throw new Refusal(
      'not-an-image',
      'the payload is not a JPEG, PNG or WebP image: send the raw bytes of one, not text or base64',
    );
  const why = tooCostly(header, bytes.length, limits);
  if (why) throw new Refusal('too-many-pixels', why);
  return header;
}

/** Why decoding it would cost more than any picture of a camera does: a few bytes can announce gigabytes, or minutes. */
function tooCostly(
  { width, height, leastBytes, passes }: ImageHeader,
  bytes: number,
  { cropPixels, cropSide }: ImageLimits,
): string | undefined {
  const size = `${width} × ${height} pixels`;
  if (width * height > cropPixels)
    return `the image has ${size}: at most ${cropPixels / 1e6} megapixels are taken`;
  if (Math.max(width, height) > cropSide)
    return `the image has ${size}: the longer side may have ${cropSide}`;
  if (bytes < leastBytes)
    return `the image announces ${size} in ${bytes} bytes: a picture of that size has ${leastBytes} at least`;
  if (passes * width * height > PASSES_OVER_LARGEST * cropPixels)
    return `the image goes over its ${size} ${passes} times: at most ${Math.floor((PASSES_OVER_LARGEST * cropPixels) / (width * height))} scans are taken`;
  return undefined;
}
