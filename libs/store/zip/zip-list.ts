import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PictureId } from '../crops/layout.js';
import type { ZipPage, ZipPages } from './stored-zip.js';
import type { ZipEntry, ZipFile, ZipOffset } from './zip-records.js';

/** What stands in the index of a list; places are those in the archive. */
export interface ZipListIndex {
  readonly end: ZipOffset;
  /** Where in the file of entries each page lies. */
  readonly pages: readonly { readonly first: ZipOffset; readonly position: number; readonly bytes: number }[];
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

/** An entry as a list keeps it. Which picture it is follows from its name, unless `picture` says so. */
export interface ListedFile extends ZipFile {
  /** As `pictureToList` has it. */
  readonly picture?: PictureId | undefined;
  /** True = the content lies beside the list, and is not a crop of the image store. */
  readonly own?: boolean;
}

type Row = readonly [file: string, bytes: number, crc32: number, atMs: number, more?: 1 | PictureId];
/** Files that stand one behind the other in the same folder share its name: 40 bytes a crop instead of 90. */
type Group = readonly [folder: string, rows: readonly Row[]];

/** A page of a list as one line of JSON. */
export function encodePage(files: readonly ListedFile[]): string {
  const groups: [string, Row[]][] = [];
  for (const { name, bytes, crc32, atMs, own, picture } of files) {
    const folderEnds = name.lastIndexOf('/') + 1;
    const folder = name.slice(0, folderEnds);
    const file = name.slice(folderEnds);
    const more = own ? 1 : picture;
    const row: Row = more ? [file, bytes, crc32, atMs, more] : [file, bytes, crc32, atMs];
    const group = groups.at(-1);
    if (group?.[0] === folder) group[1].push(row);
    else groups.push([folder, [row]]);
  }
  return `${JSON.stringify(groups)}\n`;
}

function decodePage(line: string): ListedFile[] {
  return (JSON.parse(line) as Group[]).flatMap(([folder, rows]) =>
    rows.map(([file, bytes, crc32, atMs, more]) => ({
      name: folder + file,
      bytes,
      crc32,
      atMs,
      own: more === 1,
      ...(typeof more === 'object' && { picture: more }),
    })),
  );
}
