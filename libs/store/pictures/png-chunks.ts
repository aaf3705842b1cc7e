const SIGNATURE_BYTES = 8;
/** Length, type and CRC. */
const FRAME_BYTES = 12;

/** A chunk of a PNG: its content begins 8 bytes behind `start`, and 4 bytes of CRC follow it up to `end`. */
interface PngChunk {
  readonly type: string;
  readonly start: number;
  /** The first byte behind the chunk; beyond the file where that was cut off. */
  readonly end: number;
}

/** The chunks of a PNG (ISO/IEC 15948, 5.3) up to IEND, or to the one that was cut off. */
export function* pngChunks(bytes: Buffer): Generator<PngChunk> {
  for (let start = SIGNATURE_BYTES; start + 8 <= bytes.length; ) {
    const type = bytes.toString('latin1', start + 4, start + 8);
    const end = start + FRAME_BYTES + bytes.readUInt32BE(start);
    yield { type, start, end };
    if (type === 'IEND') return;
    start = end;
  }
}
