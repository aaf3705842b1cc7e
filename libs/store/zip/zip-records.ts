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
export function endRecords(end: ZipOffset): Buffer {
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
  record.writeBigUInt64LE(
    BigInt(value),
    at,
  ); /** One file of a ZIP archive. Its size and checksum are known before anything of it is read. */
export type ZipEntry = ZipFile & (SmallContent | LargeContent);

export interface ZipFile {
  /** Path inside the archive with `/` between its parts, as `checkZipName` takes it. */
  readonly name: string;
  /** Size of the content. */
  readonly bytes: number;
  /** Of the content, as `fingerprint` gives it: unsigned, 32 bits. */
  readonly crc32: number;
  /** When the file was changed last: epoch milliseconds, UTC. */
  readonly atMs: number;
}

interface SmallContent {
  /** The whole content: exactly `bytes` bytes. It may be asked for several times. */
  read(): Promise<Buffer>;
}

interface LargeContent {
  /** The content from byte `from` to byte `to`, both included; whoever stops reading early calls `return`. */
  stream(from: number, to: number): AsyncIterable<Buffer>;
}

/** Where in an archive an entry begins. */
export interface ZipOffset {
  /** How many entries are before it. */
  readonly index: number;
  /** Of its local header, from the beginning of the archive. */
  readonly offset: number;
  /** Of its record in the central directory, from the beginning of that directory. */
  readonly directoryOffset: number;
}

/** From this on a field of 32 bits says only that the figure stands in the Zip64 extra field (APPNOTE 4.3.9.2). */
const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;

const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_RECORD_BYTES = 46;
const END_BYTES = 22;
/** The Zip64 end record and its locator. */
const ZIP64_END_BYTES = 56 + 20;
/** Extra field 0x5455: flags and the time of the last change, UTC. */
const TIME_EXTRA_BYTES = 9;
const ZIP64_EXTRA_HEADER_BYTES = 4;

export const ZIP_START: ZipOffset = { index: 0, offset: 0, directoryOffset: 0 };

/** Bytes of the Zip64 field in the local header, which must hold both sizes. */
const localZip64Bytes = ({ bytes }: ZipFile): number =>
  bytes >= LIMIT_32 ? ZIP64_EXTRA_HEADER_BYTES + 16 : 0;

/** Bytes of the Zip64 field in the central directory, which holds only what does not fit elsewhere. */
function directoryZip64Bytes({ bytes }: ZipFile, offset: number): number {
  const content = (bytes >= LIMIT_32 ? 16 : 0) + (offset >= LIMIT_32 ? 8 : 0);
  return content && ZIP64_EXTRA_HEADER_BYTES + content;
}

export const localHeaderBytes = (file: ZipFile): number =>
  LOCAL_HEADER_BYTES + Buffer.byteLength(file.name) + TIME_EXTRA_BYTES + localZip64Bytes(file);

const directoryRecordBytes = (file: ZipFile, offset: number): number =>
  DIRECTORY_RECORD_BYTES +
  Buffer.byteLength(file.name) +
  TIME_EXTRA_BYTES +
  directoryZip64Bytes(file, offset);

/** Where the entry behind this one begins. */
export const placeAfter = (place: ZipOffset, file: ZipFile): ZipOffset => ({
  index: place.index + 1,
  offset: place.offset + localHeaderBytes(file) + file.bytes,
  directoryOffset: place.directoryOffset + directoryRecordBytes(file, place.offset),
});

/** @param end the place behind the last entry */
const needsZip64 = (end: ZipOffset): boolean =>
  end.index >= LIMIT_16 || end.offset >= LIMIT_32 || end.directoryOffset >= LIMIT_32;

/** Size of the whole archive. @param end the place behind the last entry */
export const zipBytes = (end: ZipOffset): number =>
  end.offset + end.directoryOffset + (needsZip64(end) ? ZIP64_END_BYTES : 0) + END_BYTES;
