import { type ImageSize, leastBytesFor } from './image-size.js';
import { isBare, isFrame, MARKER, mayFollowScan, nextMarker } from './jpeg-markers.js';

/**
 * Huffman coding spends at least a bit on each block of 8 × 8 pixels, which is 512 pixels for a byte, and twice that
 * leaves room for subsampled colours. Only arithmetic coding, which cameras do not use, packs a flat picture tighter.
 */
const PIXELS_PER_BYTE = 1024;

/**
 * Walks the markers of a JPEG (ITU T.81, B.1) up to its own end marker. A thumbnail lies inside a segment and is stepped
 * over with it, its size and its end marker too; what follows the end (padding, the further pictures of a
 * multi-picture file) is not looked at. Markers stand out from the coded pixels, so the walk costs a search for 0xFF.
 *
 * @returns undefined where no frame is announced before the pixels
 */
export function jpegSize(bytes: Buffer): ImageSize | undefined {
  let frame: { width: number; height: number } | undefined;
  let scans = 0;
  let hasEnd = false;
  for (let at = nextMarker(bytes, 2); at >= 0; ) {
    const marker = bytes[at + 1] as number;
    // The next picture begins, or garbage follows: this one was cut off before.
    if (scans > 0 && !mayFollowScan(marker)) break;
    if (marker === MARKER.end) {
      hasEnd = scans > 0;
      if (hasEnd) break;
    }
    if (marker === MARKER.scan) {
      if (!frame) return undefined;
      scans += 1;
    }
    if (isFrame(marker) && at + 9 <= bytes.length)
      frame ??= { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (!isBare(marker) && at + 4 > bytes.length) break;
    at = nextMarker(bytes, at + 2 + (isBare(marker) ? 0 : bytes.readUInt16BE(at + 2)));
  }
  return (
    frame && {
      ...frame,
      truncated: !hasEnd,
      leastBytes: leastBytesFor(frame.width * frame.height, PIXELS_PER_BYTE),
      passes: Math.max(1, scans),
    }
  );
}
