import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { ListedFile } from './zip-list.js';

/** A file that is written piece by piece. Whoever opens it closes it, or leaves it with the folder to be removed. */
export class ArchiveFile {
  private bytes = 0;
  private crc32 = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly list: (written: Omit<ListedFile, 'name'>) => Promise<void>,
  ) {}

  async write(piece: string | Buffer): Promise<void> {
    const content = Buffer.from(piece);
    if (!content.length) return;
    await this.file.appendFile(content);
    this.bytes += content.length;
    this.crc32 = crc32(content, this.crc32);
  }

  /** @param atMs when its content was true */
  async close(atMs: number): Promise<void> {
    await this.file.close();
    await this.list({ bytes: this.bytes, crc32: this.crc32, atMs, own: true });
  }

  /** Closes it without listing it. */
  async abandon(): Promise<void> {
    await this.file.close();
  }
}
