import { type ImageHeader, probeImage, tooCostly } from '../../libs/images/index.js';
import { Refusal } from '../../libs/protocol/index.js';
import type { IngestSettings } from './settings.js';

export type ImageLimits = Pick<IngestSettings['limits'], 'cropBytes' | 'cropPixels' | 'cropSide'>;

/**
 * What the header of an image says, where these bytes are one that is taken.
 *
 * @throws Refusal `empty`, `too-large`, `not-an-image`, `too-many-pixels`
 */
export function expectImage(bytes: Buffer, limits: ImageLimits): ImageHeader {
  const { cropBytes, cropPixels, cropSide } = limits;
  if (bytes.length === 0) throw new Refusal('empty', 'the crop has no bytes: send the image as the payload');
  if (bytes.length > cropBytes)
    throw new Refusal('too-large', `the crop has ${bytes.length} bytes: at most ${cropBytes} are taken`);
  const header = probeImage(bytes);
  if (!header)
    throw new Refusal(
      'not-an-image',
      'the payload is not a JPEG, PNG or WebP image: send the raw bytes of one, not text or base64',
    );
  const why = tooCostly(header, bytes.length, { pixels: cropPixels, side: cropSide });
  if (why) throw new Refusal('too-many-pixels', why);
  return header;
}
