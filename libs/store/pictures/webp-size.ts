import { type ImageSize, leastBytesFor } from './image-size.js';
import { CHUNK_HEADER_BYTES, RIFF_BYTES, riffEnd, webpChunks } from './webp-chunks.js';

const CHUNK_AT = RIFF_BYTES + CHUNK_HEADER_BYTES;
const FOURTEEN_BITS = 0x3fff;
/** Lossy coding spends 3.4 bits at least on each block of 16 × 16 pixels, which is 600 pixels for a byte (RFC 6386, 11.2). */
const PIXELS_PER_BYTE = 1024;
/** `ANMF` begins with the place, the size and the duration of its frame. */
const FRAME_HEADER_BYTES = 16;

interface Canvas {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the size in the first chunk of a WebP (RFC 9649), a canvas, a lossless picture, or a lossy one, and of the
 * picture behind a canvas: the larger counts.
 */
export function webpSize(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < CHUNK_AT + 10) return undefined;
  const first = sizeIn(bytes.toString('latin1', 12, 16), bytes.subarray(CHUNK_AT));
  if (!first) return undefined;
  const end = riffEnd(bytes);
  const found = picturesIn(bytes, RIFF_BYTES, end);
  const width = Math.max(first.width, found.width);
  const height = Math.max(first.height, found.height);
  return {
    width,
    height,
    truncated: bytes.length < end || !found.isWhole,
    leastBytes: leastBytesFor(width * height, PIXELS_PER_BYTE),
    passes: 1,
  };
}

/** The largest picture between two places, and whether there is a whole one. Frames do not hold frames. */
function picturesIn(
  bytes: Buffer,
  at: number,
  end: number,
  inFrame = false,
): Canvas & { readonly isWhole: boolean } {
  let [width, height, isWhole] = [0, 0, false];
  for (const { type, start, contentEnd } of webpChunks(bytes, at, end)) {
    const contentAt = start + CHUNK_HEADER_BYTES;
    const found =
      type === 'ANMF' && !inFrame
        ? picturesIn(bytes, contentAt + FRAME_HEADER_BYTES, contentEnd, true)
        : pictureAt(type, bytes.subarray(contentAt, contentEnd));
    if (!found) continue;
    width = Math.max(width, found.width);
    height = Math.max(height, found.height);
    isWhole ||= contentEnd <= Math.min(end, bytes.length);
  }
  return { width, height, isWhole };
}

const pictureAt = (type: string, content: Buffer): Canvas | undefined =>
  type !== 'VP8X' && content.length >= 10 ? sizeIn(type, content) : undefined;

function sizeIn(kind: string, chunk: Buffer): Canvas | undefined {
  if (kind === 'VP8X') return { width: chunk.readUIntLE(4, 3) + 1, height: chunk.readUIntLE(7, 3) + 1 };
  if (kind === 'VP8L' && chunk[0] === 0x2f) {
    const bits = chunk.readUInt32LE(1);
    return { width: (bits & FOURTEEN_BITS) + 1, height: ((bits >>> 14) & FOURTEEN_BITS) + 1 };
  }
  if (kind === 'VP8 ' && chunk.readUIntBE(3, 3) === 0x9d012a)
    return { width: chunk.readUInt16LE(6) & FOURTEEN_BITS, height: chunk.readUInt16LE(8) & FOURTEEN_BITS };
  return undefined;
}
