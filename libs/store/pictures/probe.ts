import type { ImageFormat } from '../crops/layout.js';
import type { ImageSize } from './image-size.js';
import { jpegSize } from './jpeg-size.js';
import { pngSize } from './png-size.js';
import { webpSize } from './webp-size.js';

export interface ImageHeader extends ImageSize {
  readonly format: ImageFormat;
}

const JPEG_START = 0xffd8;
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const SIZE_IN = { jpg: jpegSize, png: pngSize, webp: webpSize };

/**
 * Reads what kind of image these bytes are from their header alone, in one pass over it: every message goes through
 * here, whoever sent it.
 *
 * @returns undefined where they are not a JPEG, PNG or WebP
 */
export function probeImage(bytes: Buffer): ImageHeader | undefined {
  const format = formatOf(bytes);
  const size = format && SIZE_IN[format](bytes);
  return size && size.width > 0 && size.height > 0 ? { format, ...size } : undefined;
}

/** By the first bytes, never by a name. */
function formatOf(bytes: Buffer): ImageFormat | undefined {
  if (bytes.length < 16) return undefined;
  if (bytes.readUInt16BE(0) === JPEG_START && bytes[2] === 0xff) return 'jpg';
  if (bytes.subarray(0, 8).equals(PNG_START)) return 'png';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'webp';
  return undefined;
}
