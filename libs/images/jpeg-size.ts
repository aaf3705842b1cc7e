import type { ImageSize } from './image-size.js';

const END = Buffer.from([0xff, 0xd9]);
/** Cameras may pad behind the end marker, but not for long. */
const TAIL_BYTES = 4096;
// Tables that share the number range of the frame headers: DHT, JPG, DAC.
const NOT_A_FRAME = new Set([0xc4, 0xc8, 0xcc]);
const SCAN = 0xda;

/**
 * Walks the segments of a JPEG (ITU T.81, B.1) up to its first scan. A thumbnail lies inside a segment and is stepped
 * over with it, its size and its end marker too.
 *
 * @returns undefined where no frame is announced before the pixels
 */
export function jpegSize(bytes: Buffer): ImageSize | undefined {
  let frame: { width: number; height: number } | undefined;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (marker === SCAN) return frame && { ...frame, truncated: !hasEnd(bytes, at) };
    if (isFrame(marker) && at + 9 <= bytes.length)
      frame ??= { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += isBare(marker) ? 2 : 2 + bytes.readUInt16BE(at + 2);
  }
  return frame && { ...frame, truncated: true };
}

const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && !NOT_A_FRAME.has(marker);
/** Markers without a length: TEM, RST0–7, SOI, EOI. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);

const hasEnd = (bytes: Buffer, scanAt: number) =>
  bytes.subarray(Math.max(scanAt, bytes.length - TAIL_BYTES)).includes(END);
