import type { ImageSize } from './image-size.js';

const RIFF_HEADER_BYTES = 8;
/** Where the content of the first chunk begins. */
const CHUNK_AT = 20;
const FOURTEEN_BITS = 0x3fff;

/** Reads the first chunk of a WebP (RFC 9649): a canvas, a lossless picture, or a lossy one. */
export function webpSize(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < CHUNK_AT + 10) return undefined;
  const size = sizeIn(bytes.toString('latin1', 12, 16), bytes.subarray(CHUNK_AT));
  return size && { ...size, truncated: bytes.length < bytes.readUInt32LE(4) + RIFF_HEADER_BYTES };
}

function sizeIn(kind: string, chunk: Buffer): { width: number; height: number } | undefined {
  if (kind === 'VP8X') return { width: chunk.readUIntLE(4, 3) + 1, height: chunk.readUIntLE(7, 3) + 1 };
  if (kind === 'VP8L' && chunk[0] === 0x2f) {
    const bits = chunk.readUInt32LE(1);
    return { width: (bits & FOURTEEN_BITS) + 1, height: ((bits >>> 14) & FOURTEEN_BITS) + 1 };
  }
  if (kind === 'VP8 ' && chunk.readUIntBE(3, 3) === 0x9d012a)
    return { width: chunk.readUInt16LE(6) & FOURTEEN_BITS, height: chunk.readUInt16LE(8) & FOURTEEN_BITS };
  return undefined;
}
