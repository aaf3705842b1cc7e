import { imageSize } from 'image-size';
import type { ImageFormat } from './layout.js';

export interface ImageHeader {
  readonly format: ImageFormat;
  /** Pixels, as the header says; the image is not decoded. */
  readonly width: number;
  readonly height: number;
  /** The file ends before its image does: stored all the same, and classified if it decodes. */
  readonly truncated: boolean;
}

const JPEG_START = 0xffd8;
const JPEG_END = Buffer.from([0xff, 0xd9]);
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PNG_END = Buffer.from('IEND');
/** Cameras may pad behind the end marker, but not for long. */
const TAIL_BYTES = 4096;

/**
 * Reads what kind of image these bytes are from their header alone.
 *
 * @returns undefined where they are not a JPEG, PNG or WebP
 */
export function probeImage(bytes: Buffer): ImageHeader | undefined {
  const format = formatOf(bytes);
  if (!format) return undefined;
  try {
    const { width, height } = imageSize(bytes);
    return width > 0 && height > 0
      ? { format, width, height, truncated: isTruncated(format, bytes) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** By the first bytes, never by a name. */
function formatOf(bytes: Buffer): ImageFormat | undefined {
  if (bytes.length < 16) return undefined;
  if (bytes.readUInt16BE(0) === JPEG_START && bytes[2] === 0xff) return 'jpg';
  if (bytes.subarray(0, 8).equals(PNG_START)) return 'png';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'webp';
  return undefined;
}

function isTruncated(format: ImageFormat, bytes: Buffer): boolean {
  if (format === 'webp') return bytes.length < bytes.readUInt32LE(4) + 8;
  const tail = bytes.subarray(-TAIL_BYTES);
  return !tail.includes(format === 'jpg' ? JPEG_END : PNG_END);
}
