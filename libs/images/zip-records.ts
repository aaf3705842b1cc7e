import type { ZipFile } from './zip-entry.js';
import {
  directoryRecordBytes,
  directoryZip64Bytes,
  LIMIT_16,
  LIMIT_32,
  localHeaderBytes,
  localZip64Bytes,
  needsZip64,
  TIME_EXTRA_BYTES,
  type ZipPlace,
  zipBytes,
} from './zip-layout.js';

// The records of PKWARE's APPNOTE 6.3.10, section 4.3, little-endian; everything is stored, nothing is deflated.
const VERSION = 20;
const VERSION_ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
/** Names are UTF-8. */
const FLAGS = 0x800;
/** A regular file that everyone may read. */
const ATTRIBUTES = 0o100644 * 0x10000;
const DOS_FIRST_MS = Date.UTC(1980, 0, 1);
const DOS_LAST_MS = Date.UTC(2107, 11, 31, 23, 59, 58);
const UNIX_LAST_S = 0x7fffffff;

/** 4.3.7, what stands before the content. */
export function localHeader(file: ZipFile): Buffer {
  const record = Buffer.alloc(localHeaderBytes(file));
  const isLarge = localZip64Bytes(file) > 0;
  record.writeUInt32LE(0x04034b50, 0);
  writeFile(record, 4, file, isLarge);
  const extraAt = 30 + record.write(file.name, 30);
  writeTimeExtra(record, extraAt, file);
  if (isLarge) writeZip64Extra(record, extraAt + TIME_EXTRA_BYTES, [file.bytes, file.bytes]);
  return record;
}

/** 4.3.12, the entry in the directory at the end. @param offset of its local header */
export function directoryRecord(file: ZipFile, offset: number): Buffer {
  const record = Buffer.alloc(directoryRecordBytes(file, offset));
  const isLarge = file.bytes >= LIMIT_32;
  const isFar = offset >= LIMIT_32;
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 4);
  writeFile(record, 6, file, directoryZip64Bytes(file, offset) > 0);
  record.writeUInt32LE(ATTRIBUTES, 38);
  record.writeUInt32LE(Math.min(offset, LIMIT_32), 42);
  const extraAt = 46 + record.write(file.name, 46);
  writeTimeExtra(record, extraAt, file);
  const figures = [...(isLarge ? [file.bytes, file.bytes] : []), ...(isFar ? [offset] : [])];
  if (figures.length) writeZip64Extra(record, extraAt + TIME_EXTRA_BYTES, figures);
  return record;
}

/** 4.3.14 to 4.3.16, the last bytes of the archive. @param end the place behind the last entry */
export function endRecords(end: ZipPlace): Buffer {
  const { index: entries, offset: directoryAt, directoryOffset: directoryBytes } = end;
  const record = Buffer.alloc(zipBytes(end) - directoryAt - directoryBytes);
  let at = 0;
  if (needsZip64(end)) {
    record.writeUInt32LE(0x06064b50, 0);
    writeUInt64(record, 4, 44); // what follows in this record
    record.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 12);
    record.writeUInt16LE(VERSION_ZIP64, 14);
    writeUInt64(record, 24, entries);
    writeUInt64(record, 32, entries);
    writeUInt64(record, 40, directoryBytes);
    writeUInt64(record, 48, directoryAt);
    record.writeUInt32LE(0x07064b50, 56);
    writeUInt64(record, 64, directoryAt + directoryBytes);
    record.writeUInt32LE(1, 72); // disks
    at = 76;
  }
  record.writeUInt32LE(0x06054b50, at);
  record.writeUInt16LE(Math.min(entries, LIMIT_16), at + 8);
  record.writeUInt16LE(Math.min(entries, LIMIT_16), at + 10);
  record.writeUInt32LE(Math.min(directoryBytes, LIMIT_32), at + 12);
  record.writeUInt32LE(Math.min(directoryAt, LIMIT_32), at + 16);
  return record;
}

/** What both records of a file have in common, from the version on. */
function writeFile(record: Buffer, at: number, file: ZipFile, isZip64: boolean): void {
  const size = Math.min(file.bytes, LIMIT_32);
  record.writeUInt16LE(isZip64 ? VERSION_ZIP64 : VERSION, at);
  record.writeUInt16LE(FLAGS, at + 2);
  record.writeUInt32LE(dosTime(file.atMs), at + 6);
  record.writeUInt32LE(file.crc32, at + 10);
  record.writeUInt32LE(size, at + 14);
  record.writeUInt32LE(size, at + 18);
  const nameBytes = Buffer.byteLength(file.name);
  const fixedBytes = at === 4 ? 30 : 46;
  record.writeUInt16LE(nameBytes, at + 22);
  record.writeUInt16LE(record.length - fixedBytes - nameBytes, at + 24);
}

/** Date and time, in steps of 2 seconds, in no zone at all: UTC here, for programs that do not know the extra field. */
function dosTime(atMs: number): number {
  const at = new Date(Math.min(Math.max(atMs, DOS_FIRST_MS), DOS_LAST_MS));
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return day * 0x10000 + time;
}

function writeTimeExtra(record: Buffer, at: number, { atMs }: ZipFile): void {
  record.writeUInt16LE(0x5455, at);
  record.writeUInt16LE(TIME_EXTRA_BYTES - 4, at + 2);
  record.writeUInt8(1, at + 4); // only the time of the last change
  record.writeInt32LE(Math.min(Math.max(Math.floor(atMs / 1000), 0), UNIX_LAST_S), at + 5);
}

function writeZip64Extra(record: Buffer, at: number, figures: readonly number[]): void {
  record.writeUInt16LE(1, at);
  record.writeUInt16LE(8 * figures.length, at + 2);
  figures.forEach((figure, i) => {
    writeUInt64(record, at + 4 + 8 * i, figure);
  });
}

const writeUInt64 = (record: Buffer, at: number, value: number): number =>
  record.writeBigUInt64LE(BigInt(value), at);
