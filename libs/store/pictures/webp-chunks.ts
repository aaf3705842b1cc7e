/** `RIFF`, the size of what follows, and `WEBP`. */
export const RIFF_BYTES = 12;
/** Type and length. */
export const CHUNK_HEADER_BYTES = 8;

/** A chunk of a WebP: its content begins 8 bytes behind `start`. */
interface WebpChunk {
  readonly type: string;
  readonly start: number;
  /** The first byte behind the content; a byte of padding follows where its length is odd. */
  readonly contentEnd: number;
  /** The first byte behind the chunk; beyond the file where that was cut off. */
  readonly end: number;
}

/** Where the picture ends by its own account; what follows is not part of it. */
export const riffEnd = (bytes: Buffer): number => bytes.readUInt32LE(4) + 8;

/** The chunks of a RIFF container (RFC 9649, 2.3) from `at` on that begin before `end`. */
export function* webpChunks(bytes: Buffer, at: number, end: number): Generator<WebpChunk> {
  for (let start = at; start + CHUNK_HEADER_BYTES <= Math.min(end, bytes.length); ) {
    const contentBytes = bytes.readUInt32LE(start + 4);
    const contentEnd = start + CHUNK_HEADER_BYTES + contentBytes;
    const chunkEnd = contentEnd + (contentBytes & 1);
    yield { type: bytes.toString('latin1', start, start + 4), start, contentEnd, end: chunkEnd };
    start = chunkEnd;
  }
}
