import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveFile } from './archive-file.js';
import {
  ENTRIES_FILE,
  encodePage,
  INDEX_FILE,
  type ListedFile,
  ownFile,
  type ZipListIndex,
} from './zip-list.js';
import { checkZipName } from './zip-name.js';
import { placeAfter, ZIP_START, zipBytes } from './zip-records.js';

const PAGE_ENTRIES = 500;

/** What a finished list says of itself. */
interface FinishedList {
  /** Size of the archive. */
  readonly length: number;
  /** The same for the same entries, without those that say when the list was made. */
  readonly digest: string;
}

/**
 * Writes the list of an archive's entries into a folder, page by page, and files that are made for this archive. A name
 * must not come twice: a list may be too long to look that up.
 */
export class ZipListWriter {
  private waiting: ListedFile[] = [];
  private readonly pages: ZipListIndex['pages'][number][] = [];
  private readonly digest = createHash('sha256');
  private end = ZIP_START;
  private position = 0;

  private constructor(
    private readonly folder: string,
    private readonly file: FileHandle,
  ) {}

  /** @param folder must not be there yet */
  static async create(folder: string): Promise<ZipListWriter> {
    await mkdir(folder);
    return new ZipListWriter(folder, await open(join(folder, ENTRIES_FILE), 'wx'));
  }

  /** @param counts false = it differs at every making, although nothing has changed */
  async add(files: readonly ListedFile[], counts = true): Promise<void> {
    if (!counts) await this.writePage();
    for (const file of files) {
      checkZipName(file.name);
      this.waiting.push(file);
      if (this.waiting.length === PAGE_ENTRIES) await this.writePage(counts);
    }
    if (!counts) await this.writePage(false);
  }

  /** Begins a file that is made for this archive; it is in the list once it is closed. */
  async openFile(name: string, counts = true): Promise<ArchiveFile> {
    checkZipName(name);
    const path = ownFile(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    return new ArchiveFile(await open(path, 'wx'), (written) => this.add([{ name, ...written }], counts));
  }

  /** A short file. */
  async addText(name: string, text: string, atMs: number, counts = true): Promise<void> {
    const file = await this.openFile(name, counts);
    try {
      await file.write(text);
    } catch (error) {
      await file.abandon();
      throw error;
    }
    await file.close(atMs);
  }

  async finish(): Promise<FinishedList> {
    await this.writePage();
    const index: ZipListIndex = { end: this.end, pages: this.pages };
    await writeFile(join(this.folder, INDEX_FILE), JSON.stringify(index));
    return { length: zipBytes(this.end), digest: this.digest.digest('hex') };
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async writePage(counts = true): Promise<void> {
    if (!this.waiting.length) return;
    const page = Buffer.from(encodePage(this.waiting));
    if (counts)
      this.digest.update(this.waiting.some(({ own }) => own) ? encodePage(this.waiting.map(timeless)) : page);
    await this.file.appendFile(page);
    this.pages.push({ first: this.end, position: this.position, bytes: page.length });
    this.position += page.length;
    this.end = this.waiting.reduce(placeAfter, this.end);
    this.waiting = [];
  }
}

/** When a file was made for the archive says nothing of its content. */
const timeless = (file: ListedFile): ListedFile => (file.own ? { ...file, atMs: 0 } : file);
