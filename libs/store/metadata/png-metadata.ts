import { pngChunks } from '../pictures/png-chunks.js';
import type { MetadataPart } from './metadata.js';

/** Pixels, and how they are meant (PNG, third edition). */
const CACHED = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(
    ' ',
  ),
);
/** Private, ancillary, safe to copy: programs pass over it. */
const UNUSED = 'blNk';

/** What is metadata in a PNG: texts, times, EXIF, whatever no standard knows, and all behind its end. */
export function* pngMetadata(bytes: Buffer): Generator<MetadataPart> {
  let behind = 8;
  for (const { type, start, end } of pngChunks(bytes)) {
    behind = Math.min(end, bytes.length);
    if (CACHED.has(type)) continue;
    const contentAt = start + 8;
    const typed = { type: { at: start + 4, unused: UNUSED }, ...(type === 'eXIf' && { tiffAt: contentAt }) };
    if (end <= bytes.length) yield { start: contentAt, end: end - 4, crcAt: end - 4, ...typed };
    else yield { start: contentAt, end: bytes.length, ...typed };
  }
  if (behind < bytes.length) yield { start: behind, end: bytes.length };
}
