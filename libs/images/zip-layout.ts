import type { ZipFile } from './zip-entry.js';

/** Where in an archive an entry begins. */
export interface ZipPlace {
  /** How many entries are before it. */
  readonly index: number;
  /** Of its local header, from the beginning of the archive. */
  readonly offset: number;
  /** Of its record in the central directory, from the beginning of that directory. */
  readonly directoryOffset: number;
}

/** From this on a field of 32 bits says only that the figure stands in the Zip64 extra field (APPNOTE 4.3.9.2). */
export const LIMIT_32 = 0xffffffff;
export const LIMIT_16 = 0xffff;

const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_RECORD_BYTES = 46;
const END_BYTES = 22;
/** The Zip64 end record and its locator. */
const ZIP64_END_BYTES = 56 + 20;
/** Extra field 0x5455: flags and the time of the last change, UTC. */
export const TIME_EXTRA_BYTES = 9;
const ZIP64_EXTRA_HEADER_BYTES = 4;

export const ZIP_START: ZipPlace = { index: 0, offset: 0, directoryOffset: 0 };

/** Bytes of the Zip64 field in the local header, which must hold both sizes. */
export const localZip64Bytes = ({ bytes }: ZipFile): number =>
  bytes >= LIMIT_32 ? ZIP64_EXTRA_HEADER_BYTES + 16 : 0;

/** Bytes of the Zip64 field in the central directory, which holds only what does not fit elsewhere. */
export function directoryZip64Bytes({ bytes }: ZipFile, offset: number): number {
  const content = (bytes >= LIMIT_32 ? 16 : 0) + (offset >= LIMIT_32 ? 8 : 0);
  return content && ZIP64_EXTRA_HEADER_BYTES + content;
}

export const localHeaderBytes = (file: ZipFile): number =>
  LOCAL_HEADER_BYTES + Buffer.byteLength(file.name) + TIME_EXTRA_BYTES + localZip64Bytes(file);

export const directoryRecordBytes = (file: ZipFile, offset: number): number =>
  DIRECTORY_RECORD_BYTES +
  Buffer.byteLength(file.name) +
  TIME_EXTRA_BYTES +
  directoryZip64Bytes(file, offset);

/** Where the entry behind this one begins. */
export const placeAfter = (place: ZipPlace, file: ZipFile): ZipPlace => ({
  index: place.index + 1,
  offset: place.offset + localHeaderBytes(file) + file.bytes,
  directoryOffset: place.directoryOffset + directoryRecordBytes(file, place.offset),
});

/** @param end the place behind the last entry */
export const needsZip64 = (end: ZipPlace): boolean =>
  end.index >= LIMIT_16 || end.offset >= LIMIT_32 || end.directoryOffset >= LIMIT_32;

/** Size of the whole archive. @param end the place behind the last entry */
export const zipBytes = (end: ZipPlace): number =>
  end.offset + end.directoryOffset + (needsZip64(end) ? ZIP64_END_BYTES : 0) + END_BYTES;
