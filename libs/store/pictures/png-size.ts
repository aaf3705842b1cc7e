import { type ImageSize, leastBytesFor } from './image-size.js';
import { pngChunks } from './png-chunks.js';

const IHDR_AT = 12;
const IEND_CRC = 0xae426082;
/** Deflate packs at most 258 bytes into two bits: 1 to 1032. */
const DEFLATE_RATIO = 1032;
/** Samples of a pixel, by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Reads IHDR, which must be the first chunk of a PNG (ISO/IEC 15948, 11.2.2), and steps from chunk to chunk to IEND. */
export function pngSize(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < IHDR_AT + 14 || bytes.toString('latin1', IHDR_AT, IHDR_AT + 4) !== 'IHDR')
    return undefined;
  const width = bytes.readUInt32BE(IHDR_AT + 4);
  const height = bytes.readUInt32BE(IHDR_AT + 8);
  const bits = (bytes[IHDR_AT + 12] as number) * (SAMPLES[bytes[IHDR_AT + 13] as number] ?? 1);
  // Each row has a byte for its filter.
  const rawBytes = height * (1 + Math.ceil((width * bits) / 8));
  return {
    width,
    height,
    truncated: !hasEnd(bytes),
    leastBytes: leastBytesFor(rawBytes, DEFLATE_RATIO),
    passes: 1,
  };
}

function hasEnd(bytes: Buffer): boolean {
  let hasPixels = false;
  for (const { type, end } of pngChunks(bytes)) {
    if (end > bytes.length) return false;
    if (type === 'IDAT') hasPixels = true;
    // Its CRC is always the same: what was cut within it, and filled up, is no end.
    if (type === 'IEND') return hasPixels && bytes.readUInt32BE(end - 4) === IEND_CRC;
  }
  return false;
}
