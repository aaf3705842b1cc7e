import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZipPage, ZipPages } from './stored-zip.js';
import type { ZipEntry } from './zip-entry.js';
import type { ZipPlace } from './zip-layout.js';
import { decodePage, type ListedFile } from './zip-list-page.js';

/** What stands in the index of a list; places are those in the archive. */
export interface ZipListIndex {
  readonly end: ZipPlace;
  /** Where in the file of entries each page lies. */
  readonly pages: readonly { readonly first: ZipPlace; readonly position: number; readonly bytes: number }[];
}

export const ENTRIES_FILE = 'entries.ndjson';
export const INDEX_FILE = 'index.json';
export const ownFile = (folder: string, name: string): string => join(folder, 'files', name);

/** The entries of an archive as a folder keeps them. Of a million of them only the index is held in memory. */
export class ZipList {
  private constructor(
    private readonly folder: string,
    private readonly file: FileHandle,
    private readonly index: ZipListIndex,
  ) {}

  static async open(folder: string): Promise<ZipList> {
    const file = await open(join(folder, ENTRIES_FILE), 'r');
    try {
      return new ZipList(folder, file, JSON.parse(await readFile(join(folder, INDEX_FILE), 'utf8')));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** How many. */
  get length(): number {
    return this.index.end.index;
  }

  /**
   * The entries for a `StoredZip`; the list must stay open as long as that is read.
   *
   * @param entryOf where the content of a crop is
   */
  pages(entryOf: (file: ListedFile) => ZipEntry): ZipPages {
    const entry = (file: ListedFile) => (file.own ? ownEntry(this.folder, file) : entryOf(file));
    const pages = this.index.pages.map(
      ({ first, position, bytes }): ZipPage => ({
        first,
        entries: async () => decodePage(await this.read(position, bytes)).map(entry),
      }),
    );
    return { pages, end: this.index.end };
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async read(position: number, bytes: number): Promise<string> {
    const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(bytes), 0, bytes, position);
    if (bytesRead !== bytes) throw new Error(`the list in ${this.folder} ends too early`);
    return buffer.toString();
  }
}

function ownEntry(folder: string, file: ListedFile): ZipEntry {
  return {
    ...file,
    stream: (start, end) => createReadStream(ownFile(folder, file.name), { start, end }),
  };
}
