import { CHUNK_HEADER_BYTES, RIFF_BYTES, riffEnd, webpChunks } from '../pictures/webp-chunks.js';
import type { MetadataPart } from './metadata.js';

const CACHED = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ICCP']);
/** What RIFF calls bytes that only fill up. */
const UNUSED = 'JUNK';
const FRAME_HEADER_BYTES = 16;
const EXIF = 'Exif\0\0';

/** What is metadata in a WebP: EXIF, XMP, whatever no standard knows, and all behind its end. */
export function* webpMetadata(bytes: Buffer): Generator<MetadataPart> {
  const end = Math.min(riffEnd(bytes), bytes.length);
  yield* metadataIn(bytes, RIFF_BYTES, end);
  if (end < bytes.length) yield { start: end, end: bytes.length };
}

function* metadataIn(bytes: Buffer, from: number, to: number, inFrame = false): Generator<MetadataPart> {
  for (const { type, start, contentEnd } of webpChunks(bytes, from, to)) {
    const contentAt = start + CHUNK_HEADER_BYTES;
    const end = Math.min(contentEnd, to);
    if (type === 'ANMF' && !inFrame) yield* metadataIn(bytes, contentAt + FRAME_HEADER_BYTES, end, true);
    else if (!CACHED.has(type))
      yield {
        start: contentAt,
        end,
        type: { at: start, unused: UNUSED },
        ...(type === 'EXIF' && { tiffAt: contentAt + exifHeaderBytes(bytes, contentAt) }),
      };
  }
}

/** Some programs put the header of JPEG's EXIF before it. */
const exifHeaderBytes = (bytes: Buffer, at: number): number =>
  bytes.toString('latin1', at, at + EXIF.length) === EXIF ? EXIF.length : 0;
