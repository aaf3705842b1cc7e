/** One file of a ZIP archive. Its size and checksum are known before anything of it is read. */
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

export interface SmallContent {
  /** The whole content: exactly `bytes` bytes. It may be asked for several times. */
  read(): Promise<Buffer>;
}

export interface LargeContent {
  /** The content from byte `from` to byte `to`, both included; whoever stops reading early calls `return`. */
  stream(from: number, to: number): AsyncIterable<Buffer>;
}
