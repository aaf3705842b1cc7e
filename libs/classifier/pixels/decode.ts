import sharp from 'sharp';
import { reason } from '../card/model-error.js';
import type { RgbImage } from './image.js';
import { readJpegHeader } from './jpeg-header.js';
import { NativeJpeg } from './native-jpeg.js';
import { decodeByWasm } from './wasm-jpeg.js';

const MAX_PIXELS = 40_000_000;
// The decoder's memory never shrinks: larger images take the other way.
const MAX_TURBO_PIXELS = 4_000_000;

/** The code by which the error is known where it comes from another process. */
export const UNDECODABLE = 'undecodable';

/** The bytes are not an image that can be decoded. A verdict on the image, not on the disk. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
  readonly code = UNDECODABLE;
}

/**
 * Decodes what libjpeg-turbo does in a bounded time: a JPEG with Huffman coding, 8 bits and 1 or 3 components, of up to
 * 4 megapixels, and not damaged. The pixels are those of `decodeImage`, and stay as they are until the next call only.
 *
 * @returns undefined where it is anything else
 */
export function decodePlainJpeg(bytes: Uint8Array): RgbImage | undefined {
  const header = readJpegHeader(bytes);
  const pixels = header ? header.width * header.height : 0;
  if (!header?.baseline || (header.components !== 1 && header.components !== 3)) return undefined;
  if (pixels === 0 || pixels > MAX_TURBO_PIXELS) return undefined;
  try {
    return decodeJpeg(bytes, header.width, header.height);
  } catch {
    return undefined; // truncated or damaged
  }
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
  if (header && header.width * header.height > MAX_PIXELS) throw tooLarge(header.width, header.height);
  // Truncated or damaged: sharp decodes as far as it goes, or says why not.
  return decodePlainJpeg(bytes) ?? decodeBySharp(bytes, header?.components === 4);
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

let native: NativeJpeg | undefined;
let looked = false;

/**
 * Decodes a JPEG exactly as OpenCV and Pillow do: accurate DCT, smooth chroma upsampling, no EXIF rotation. By
 * libjpeg-turbo's library where there is one, otherwise by its WebAssembly build: the pixels are the same.
 *
 * @param width, height those of the frame header
 * @returns pixels that stay as they are until the next call only
 * @throws Error on any fault, also on the mere warnings that a truncated file gives
 */
function decodeJpeg(jpeg: Uint8Array, width: number, height: number): RgbImage {
  if (!looked) native = NativeJpeg.open();
  looked = true;
  return native ? native.decode(jpeg, width, height) : decodeByWasm(jpeg, width, height);
}
