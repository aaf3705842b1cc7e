import { isApplication, isBare, MARKER, mayFollowScan, nextMarker } from '../pictures/jpeg-markers.js';
import type { MetadataPart } from './metadata.js';

const EXIF = 'Exif\0\0';
/** Of what is kept: so many bytes of its content say how the pixels are meant. */
const CACHED: readonly { readonly marker: number; readonly begins: string; readonly bytes: number }[] = [
  { marker: 0xe0, begins: 'JFIF\0', bytes: 14 },
  { marker: 0xe2, begins: 'ICC_PROFILE\0', bytes: Number.POSITIVE_INFINITY },
  { marker: 0xee, begins: 'Adobe', bytes: 12 },
];

/** What is metadata in a JPEG: its application segments but for colours, its comments, and all behind its end. */
export function* jpegMetadata(bytes: Buffer): Generator<MetadataPart> {
  let scans = 0;
  let behind = 2;
  for (;;) {
    const at = nextMarker(bytes, behind);
    const marker = at < 0 ? undefined : (bytes[at + 1] as number);
    // Between two segments there is nothing but fill bytes; behind a scan there are its pixels.
    if (scans === 0) yield* gap(bytes, behind, at < 0 ? bytes.length : at);
    if (marker === undefined) return;
    if (scans > 0 && (marker === MARKER.end || !mayFollowScan(marker))) {
      // The marker stays: it ends the pixels, whichever it is.
      if (at + 2 < bytes.length) yield { start: at + 2, end: bytes.length };
      return;
    }
    if (isBare(marker) || at + 4 > bytes.length) {
      behind = at + 2;
      continue;
    }
    behind = at + 2 + bytes.readUInt16BE(at + 2);
    if (marker === MARKER.scan) scans += 1;
    const start = at + 4 + keptBytes(bytes, at, marker);
    const end = Math.min(behind, bytes.length);
    const isExif = marker === 0xe1 && bytes.toString('latin1', start, start + EXIF.length) === EXIF;
    if (start < end) yield { start, end, ...(isExif && { tiffAt: start + EXIF.length }) };
  }
}

function keptBytes(bytes: Buffer, at: number, marker: number): number {
  const isTable = marker >= 0xc0 && marker <= 0xdf;
  if (isTable) return Number.POSITIVE_INFINITY;
  if (!isApplication(marker)) return 0;
  const kept = CACHED.find(
    ({ marker: of, begins }) =>
      of === marker && bytes.toString('latin1', at + 4, at + 4 + begins.length) === begins,
  );
  return kept?.bytes ?? 0;
}

function* gap(bytes: Buffer, start: number, end: number): Generator<MetadataPart> {
  if (start < end && !bytes.subarray(start, end).every((byte) => byte === 0xff))
    yield { start, end, isGap: true };
}
