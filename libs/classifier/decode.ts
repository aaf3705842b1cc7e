import sharp from 'sharp';
import { decodeJpeg } from './decode-jpeg.js';
import type { RgbImage } from './image.js';
import { readJpegHeader } from './jpeg-header.js';
import { reason } from './model-error.js';

const MAX_PIXELS = 40_000_000;
// The decoder's memory never shrinks: larger images take the other way.
const MAX_TURBO_PIXELS = 4_000_000;

/** The bytes are not an image that can be decoded. A verdict on the image, not on the disk. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

/**
 * Decodes an image to RGB: JPEG, PNG, WebP and what else sharp reads, up to 40 megapixels.
 *
 * Alpha is dropped, 16 bits become 8, grey becomes RGB, colour profiles are ignored, and EXIF orientation is
 * not applied: the crops of traps carry none, and a crop has no right way up. A truncated JPEG gives what
 * there is of it, the rest grey. The pixels stay as they are until the next call only.
 *
 * @throws UndecodableError
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbImage> {
  const header = readJpegHeader(bytes);
  if (header) {
    const count = header.width * header.height;
    if (count > MAX_PIXELS) throw tooLarge(header.width, header.height);
    const usual = header.baseline && (header.components === 1 || header.components === 3);
    if (usual && count > 0 && count <= MAX_TURBO_PIXELS) {
      try {
        return decodeJpeg(bytes, header.width, header.height);
      } catch {
        // Truncated or damaged: sharp decodes as far as it goes, or says why not.
      }
    }
  }
  return decodeBySharp(bytes, header?.components === 4);
}

async function decodeBySharp(bytes: Uint8Array, cmyk: boolean): Promise<RgbImage> {
  try {
    const { data, info } = await sharp(bytes, {
      failOn: 'none',
      limitInputPixels: MAX_PIXELS,
      ignoreIcc: !cmyk,
      sequentialRead: true,
    })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, pixels: info.channels === 3 ? data : greyToRgb(data) };
  } catch (error) {
    throw new UndecodableError(`not a decodable image: ${reason(error)}`, { cause: error });
  }
}

function greyToRgb(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i] as number, i * 3, i * 3 + 3);
  return rgb;
}

function tooLarge(width: number, height: number): UndecodableError {
  return new UndecodableError(`${width} × ${height} pixels are more than ${MAX_PIXELS / 1e6} megapixels`);
}
