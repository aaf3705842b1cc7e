import { gathered, type Part, readAhead } from './read-ahead.js';
import { checkZipName } from './zip-name.js';
import {
  directoryRecord,
  endRecords,
  localHeader,
  localHeaderBytes,
  placeAfter,
  ZIP_START,
  type ZipEntry,
  type ZipOffset,
  zipBytes,
} from './zip-records.js';

/** Entries that stand one behind the other, read when they are needed. */
export interface ZipPage {
  readonly first: ZipOffset;
  /** The same entries at every call. */
  entries(): Promise<readonly ZipEntry[]>;
}

/** A list that is too long to be held in memory. */
export interface ZipPages {
  readonly pages: readonly ZipPage[];
  /** The place behind the last entry. */
  readonly end: ZipOffset;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A ZIP archive that is computed and not written: its entries are stored as they are, so that its length is known
 * beforehand, and any byte of it at any time. The same entries give the same bytes. Zip64 where it is needed.
 *
 * @throws Error on a name that `checkZipName` refuses or that stands twice, whatever the case; pages are not looked into, whoever made
 *   them has done that
 */
export class StoredZip {
  /** How many bytes. */
  readonly length: number;
  private readonly pages: readonly ZipPage[];
  private readonly end: ZipOffset;

  constructor(entries: readonly ZipEntry[] | ZipPages) {
    const { pages, end } = 'pages' in entries ? entries : onePage(entries);
    this.pages = pages;
    this.end = end;
    this.length = zipBytes(end);
  }

  /**
   * The bytes from `start` to `end`, both included. Memory stays bounded; contents are read a little ahead.
   *
   * @throws Error where the content of an entry has not the size that was announced: what was given out until then
   *   is right, but it is not the whole
   */
  bytes(start = 0, end = this.length - 1): AsyncGenerator<Buffer> {
    return gathered(readAhead(this.parts({ start, end })));
  }

  private async *parts(range: Range): AsyncGenerator<Part> {
    const { offset: directoryAt, directoryOffset: directoryBytes } = this.end;
    for (const page of this.pagesIn(range, ({ offset }) => offset)) {
      for (const [entry, { offset }] of await placed(page)) {
        const contentAt = offset + localHeaderBytes(entry);
        if (offset > range.end) return;
        if (contentAt + entry.bytes > range.start) yield* entryParts(entry, offset, contentAt, range);
      }
    }
    for (const page of this.pagesIn(range, ({ directoryOffset }) => directoryAt + directoryOffset)) {
      const records = (await placed(page)).map(([entry, { offset }]) => directoryRecord(entry, offset));
      yield* bytesPart(Buffer.concat(records), directoryAt + page.first.directoryOffset, range);
    }
    yield* bytesPart(endRecords(this.end), directoryAt + directoryBytes, range);
  }

  /** The pages that may have a part in the range. */
  private pagesIn({ start, end }: Range, beginning: (first: ZipOffset) => number): readonly ZipPage[] {
    const next = this.pages.findIndex((page) => beginning(page.first) > start);
    const after = this.pages.findIndex((page) => beginning(page.first) > end);
    const from = next < 0 ? this.pages.length - 1 : next - 1;
    return this.pages.slice(Math.max(from, 0), after < 0 ? undefined : after);
  }
}

function onePage(entries: readonly ZipEntry[]): ZipPages {
  const names = new Set<string>();
  let end = ZIP_START;
  for (const entry of entries) {
    checkZipName(entry.name);
    const folded = entry.name.toLowerCase();
    if (names.has(folded)) throw new Error(`twice in a ZIP archive: ${entry.name}`);
    names.add(folded);
    end = placeAfter(end, entry);
  }
  return { pages: [{ first: ZIP_START, entries: async () => entries }], end };
}

async function placed(page: ZipPage): Promise<[ZipEntry, ZipOffset][]> {
  let place = page.first;
  return (await page.entries()).map((entry) => {
    const here = place;
    place = placeAfter(place, entry);
    return [entry, here];
  });
}

function* entryParts(entry: ZipEntry, offset: number, contentAt: number, range: Range): Generator<Part> {
  const header = cut(localHeader(entry), offset, range);
  const from = Math.max(0, range.start - contentAt);
  const to = Math.min(entry.bytes - 1, range.end - contentAt);
  if (from > to) {
    yield { bytes: header.length, read: async () => [header] };
  } else if ('read' in entry) {
    const read = async () => [header, whole(entry, await entry.read()).subarray(from, to + 1)];
    yield { bytes: header.length + entry.bytes, read };
  } else {
    yield { bytes: header.length, read: async () => [header] };
    yield { stream: () => checked(entry, entry.stream(from, to), to - from + 1) };
  }
}

function* bytesPart(content: Buffer, at: number, range: Range): Generator<Part> {
  const wanted = cut(content, at, range);
  if (wanted.length) yield { bytes: wanted.length, read: async () => [wanted] };
}

/** What of a content that begins at `at` lies in the range. */
const cut = (content: Buffer, at: number, { start, end }: Range): Buffer =>
  content.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));

function whole(entry: ZipEntry, content: Buffer): Buffer {
  if (content.length !== entry.bytes) throw wrongSize(entry, content.length);
  return content;
}

async function* checked(entry: ZipEntry, content: AsyncIterable<Buffer>, expected: number) {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > expected) break;
    yield chunk;
  }
  if (bytes !== expected) throw wrongSize(entry, bytes);
}

const wrongSize = ({ name, bytes }: ZipEntry, found: number): Error =>
  new Error(`${name} gave ${found} bytes; ${bytes} were announced`);
