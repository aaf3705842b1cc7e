import type { ImageSize } from './image-size.js';

const IHDR_AT = 12;
const END = Buffer.from('IEND');
const TAIL_BYTES = 4096;

/** Reads IHDR, which must be the first chunk of a PNG (ISO/IEC 15948, 11.2.2). */
export function pngSize(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < IHDR_AT + 12 || bytes.toString('latin1', IHDR_AT, IHDR_AT + 4) !== 'IHDR')
    return undefined;
  return {
    width: bytes.readUInt32BE(IHDR_AT + 4),
    height: bytes.readUInt32BE(IHDR_AT + 8),
    truncated: !bytes.subarray(-TAIL_BYTES).includes(END),
  };
}
