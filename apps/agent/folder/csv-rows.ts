import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** How a table is written. A trap writes UTF-8 with commas; spreadsheets save what their country and version prefer. */
export interface Dialect {
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be';
  readonly delimiter: string;
  /** Bytes of the byte order mark. */
  readonly start: number;
}

/** One line of a table. */
interface CsvRow {
  readonly cells: readonly string[];
  /** Where the line begins and where the next one does, in bytes. */
  readonly offset: number;
  readonly end: number;
  /** Counts from 1, empty lines included. */
  readonly line: number;
}

interface CsvOptions {
  /** Byte to begin with, the first of a line. */
  readonly from?: number;
  /**
   * Nothing is written any more: a last line without its end is read but for its last cell, which may be cut short.
   * Otherwise the line is left for later.
   */
  readonly isWhole?: boolean;
  /** Told of lines of which nothing can be read. */
  readonly onUnread?: (line: number) => void;
}

const NEWLINE = 10;
/** Longer lines are what a power cut has left. */
const LONGEST_LINE_BYTES = 64 * 1024;
const USUAL_ROW_BYTES = 512;
const PROBE_BYTES = 16 * 1024;
const DELIMITERS = [',', ';', '\t', '|'];
const PLAIN: Dialect = { encoding: 'utf8', delimiter: ',', start: 0 };

/**
 * Finds out how a table is written, by its byte order mark and its first lines.
 *
 * @param isLine whether the cells are those of a line that the table can have
 */
export async function dialectOf(
  path: string,
  isLine: (cells: readonly string[]) => boolean,
): Promise<Dialect> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const encoded = encodingOf(head);
    const lines = decode(head.subarray(encoded.start), encoded.encoding).split('\n').slice(0, -1);
    const texts = lines.map((line) => line.slice(line.lastIndexOf('\0') + 1).trim()).filter(Boolean);
    for (const line of texts.slice(0, 20))
      for (const delimiter of DELIMITERS)
        if (isLine(splitLine(line, delimiter))) return { ...encoded, delimiter };
    return { ...encoded, delimiter: ',' };
  } finally {
    await file.close();
  }
}

function encodingOf(head: Buffer): Pick<Dialect, 'encoding' | 'start'> {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf8', start: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf16le', start: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf16be', start: 2 };
  // Without a mark: letters of a header have one zero byte each.
  const isLetter = (byte: number | undefined) => byte !== undefined && byte > 32 && byte < 127;
  if (isLetter(head[0]) && head[1] === 0 && isLetter(head[2]) && head[3] === 0)
    return { encoding: 'utf16le', start: 0 };
  if (head[0] === 0 && isLetter(head[1]) && head[2] === 0 && isLetter(head[3]))
    return { encoding: 'utf16be', start: 0 };
  return { encoding: 'utf8', start: 0 };
}

/**
 * Reads a table line by line, as a trap leaves it: lines of NUL bytes are passed over, what stands before a NUL in a line
 * is lost, and a last line without its end is still being written, or never will be. Nobody is told of a header: it is
 * the first line.
 */
export async function* csvRows(
  path: string,
  dialect: Dialect = PLAIN,
  { from = dialect.start, isWhole = false, onUnread }: CsvOptions = {},
): AsyncGenerator<CsvRow> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = from;
  let line = 1;
  for await (const chunk of createReadStream(path, { start: from }) as AsyncIterable<Buffer>) {
    const bytes = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    let begin = 0;
    for (let end = lineEnd(bytes, begin, dialect); end > 0; end = lineEnd(bytes, begin, dialect)) {
      const cells = cellsOf(bytes.subarray(begin, end), dialect, () => onUnread?.(line));
      const next = offset + end - begin;
      if (cells) yield { cells, offset, end: next, line };
      offset = next;
      begin = end;
      line += 1;
    }
    rest = Buffer.from(bytes.subarray(begin));
    if (rest.length > LONGEST_LINE_BYTES) {
      offset += rest.length;
      rest = Buffer.alloc(0);
      onUnread?.(line);
    }
  }
  const last = isWhole && rest.length ? cellsOf(rest, dialect, () => onUnread?.(line)) : undefined;
  if (last) yield { cells: [...last.slice(0, -1), ''], offset, end: offset + rest.length, line };
}

/** Reads one line again. */
export async function rowAt(
  file: FileHandle,
  offset: number,
  dialect: Dialect = PLAIN,
): Promise<readonly string[]> {
  for (let room = USUAL_ROW_BYTES; ; room *= 4) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(room), 0, room, offset);
    const bytes = buffer.subarray(0, bytesRead);
    const end = lineEnd(bytes, 0, dialect);
    if (end > 0) return cellsOf(bytes.subarray(0, end), dialect) ?? [];
    if (bytesRead < room || room > LONGEST_LINE_BYTES) {
      const cells = cellsOf(bytes, dialect) ?? [];
      return [...cells.slice(0, -1), ''];
    }
  }
}

/** @returns where the line ends, its newline included; 0 where it goes on */
function lineEnd(bytes: Buffer, begin: number, { encoding }: Dialect): number {
  if (encoding === 'utf8') return bytes.indexOf(NEWLINE, begin) + 1;
  // Lines begin at even distances, so that halves of other characters are told apart.
  const high = encoding === 'utf16le' ? 1 : -1;
  for (let at = bytes.indexOf(NEWLINE, begin); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    const first = high > 0 ? at : at - 1;
    if ((first - begin) % 2 === 0 && first >= begin && bytes[at + high] === 0) return first + 2;
  }
  return 0;
}

function cellsOf(
  line: Buffer,
  { encoding, delimiter }: Dialect,
  onUnread?: () => void,
): string[] | undefined {
  if (line.length > LONGEST_LINE_BYTES) {
    onUnread?.();
    return undefined;
  }
  const lastNul = encoding === 'utf8' ? line.lastIndexOf(0) : -1;
  if (lastNul >= 0) onUnread?.();
  const text = decode(line.subarray(lastNul + 1), encoding).trim();
  return text ? splitLine(text, delimiter) : undefined;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

function decode(bytes: Buffer, encoding: Dialect['encoding']): string {
  if (encoding === 'utf16le') return bytes.toString('utf16le');
  if (encoding === 'utf16be')
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

/**
 * Cells of one line; those in quotes may hold delimiters and doubled quotes. A program that took the whole line for one
 * cell has put it into quotes as one: that is undone.
 */
export function splitLine(text: string, delimiter = ','): string[] {
  const cells = split(text, delimiter);
  const [only] = cells;
  return cells.length === 1 && only !== text && only?.includes(delimiter) ? split(only, delimiter) : cells;
}

function split(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === ' ') at += 1;
    const isQuoted = text[at] === '"';
    let cell = '';
    if (isQuoted) {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          cell += text.slice(at);
          at = text.length;
          break;
        }
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const end = text.indexOf(delimiter, at);
    cell += text.slice(at, end < 0 ? undefined : end);
    cells.push(cell.trim());
    if (end < 0) return cells;
    at = end + delimiter.length;
  }
}

/** A number as a table writes it, with a decimal point or a decimal comma. @returns undefined where it is none */
export function numberOf(text: string): number | undefined {
  const value = Number(/^[-+]?\d+,\d+(?:e[-+]?\d+)?$/i.test(text) ? text.replace(',', '.') : text);
  return text !== '' && Number.isFinite(value) ? value : undefined;
}

/** A cell that says nothing, as Python and spreadsheets write it. */
export const isEmptyCell = (text: string): boolean => /^(?:|na|n\/a|nan|none|null|-)$/i.test(text);
