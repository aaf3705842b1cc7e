import { crc32 } from 'node:zlib';
import type { ImageFormat } from '../crops/layout.js';
import { probeImage } from '../pictures/probe.js';
import { jpegMetadata } from './jpeg-metadata.js';
import { forceCrc32 } from './keep-crc32.js';
import type { MetadataPart } from './metadata.js';
import { pngMetadata } from './png-metadata.js';
import { orientationOnly, readExif } from './tiff.js';
import { webpMetadata } from './webp-metadata.js';

const METADATA_IN = { jpg: jpegMetadata, png: pngMetadata, webp: webpMetadata };
const NAMED_PLACE = /GPS(Latitude|Longitude|Coordinates|Position)/i;
const EXIF = 'Exif\0\0';
const CRC_BYTES = 4;
/** `VP8X` flags of a WebP that say that EXIF and XMP follow. */
const FLAGS_AT = 20;
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;

/**
 * The same picture without what its camera noted: EXIF with the place and the owner, XMP, IPTC, texts, maker notes,
 * thumbnails, further pictures behind its end. The pixels, their colour profile and the orientation stay as they are.
 *
 * Metadata are blanked where they stand. Size and CRC-32 are those of the original, so that archives and ranges are the
 * same for those who may see it all and for others.
 *
 * @returns `bytes` itself where there is nothing to take out, or they are no picture of this format
 */
export function withoutMetadata(bytes: Buffer, format: ImageFormat): Buffer {
  if (probeImage(bytes)?.format !== format) return bytes;
  const parts = [...METADATA_IN[format](bytes)];
  // Parts of fewer than four bytes cannot keep the CRC, and hold no place.
  const room = parts.findLast(isRoom);
  const blanked = parts.filter((part) => (part.crcAt === undefined ? room : hasRoom(part)));
  if (!blanked.length) return bytes;
  const bare = Buffer.from(bytes);
  for (const part of blanked) blank(bare, bytes, part);
  if (format === 'webp') clearFlags(bare);
  if (bare.equals(bytes)) return bytes;
  const wanted = crc32(bytes);
  if (crc32(bare) !== wanted && room) forceCrc32(bare, room.end - CRC_BYTES, wanted);
  return bare;
}

/** Whether any of a picture's metadata names a place, also those of pictures inside or behind it. */
export const namesPlace = (bytes: Buffer, format: ImageFormat): boolean =>
  [...METADATA_IN[format](bytes)].some(({ start, end, tiffAt }) => {
    const part = bytes.subarray(start, end);
    if (tiffAt !== undefined && readExif(bytes.subarray(tiffAt, end)).hasPlace) return true;
    if (NAMED_PLACE.test(part.toString('latin1'))) return true;
    for (let at = part.indexOf(EXIF); at >= 0; at = part.indexOf(EXIF, at + EXIF.length))
      if (readExif(part.subarray(at + EXIF.length)).hasPlace) return true;
    return false;
  });

const hasRoom = ({ start, end }: MetadataPart): boolean => end - start >= CRC_BYTES;

/** Where the last four bytes may be anything, so that the CRC of the whole can be what it was. */
const isRoom = (part: MetadataPart): boolean => part.crcAt === undefined && !part.isGap && hasRoom(part);

function blank(bare: Buffer, bytes: Buffer, { start, end, tiffAt, type, crcAt }: MetadataPart): void {
  const orientation = tiffAt === undefined ? 1 : readExif(bytes.subarray(tiffAt, end)).orientation;
  const kept = orientation > 1 && tiffAt !== undefined ? orientationOnly(orientation) : undefined;
  const fits = kept !== undefined && tiffAt !== undefined && tiffAt + kept.length + CRC_BYTES <= end;
  bare.fill(0, fits ? tiffAt : start, end);
  if (fits) kept.copy(bare, tiffAt);
  else if (type) bare.write(type.unused, type.at, 'latin1');
  if (crcAt === undefined || !type) return;
  // With the CRC of its own unchanged, wrong though it may be, a part does not change that of the whole.
  const own = [type.at, crcAt] as const;
  const wanted = crc32(bytes.subarray(...own));
  if (crc32(bare.subarray(...own)) !== wanted)
    forceCrc32(bare.subarray(...own), end - CRC_BYTES - type.at, wanted);
}

function clearFlags(bare: Buffer): void {
  if (bare.toString('latin1', 12, 16) !== 'VP8X') return;
  const hasExif = bare.includes('EXIF', 30, 'latin1');
  bare[FLAGS_AT] = (bare[FLAGS_AT] as number) & ~(XMP_FLAG | (hasExif ? 0 : EXIF_FLAG));
}
