import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** One line of a table. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Where the line begins and where the next one does, in bytes. */
  readonly offset: number;
  readonly end: number;
}

const NEWLINE = 10;
/** Longer lines are what a power cut has left. */
const LONGEST_LINE_BYTES = 64 * 1024;
const USUAL_ROW_BYTES = 512;

/**
 * Reads a table line by line, as a trap leaves it: lines of NUL bytes are passed over, what stands before a NUL in a line
 * is lost, and a last line without its end is still being written, or never will be. Nobody is told of a header: it is
 * the first line.
 *
 * @param from byte to begin with, the first of a line
 */
export async function* csvRows(path: string, from = 0): AsyncGenerator<CsvRow> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = from;
  for await (const chunk of createReadStream(path, { start: from }) as AsyncIterable<Buffer>) {
    const bytes = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    let begin = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, begin)) {
      const cells = cellsOf(bytes.subarray(begin, at));
      const end = offset + at + 1 - begin;
      if (cells) yield { cells, offset, end };
      offset = end;
      begin = at + 1;
    }
    rest = Buffer.from(bytes.subarray(begin));
    if (rest.length > LONGEST_LINE_BYTES) {
      offset += rest.length;
      rest = Buffer.alloc(0);
    }
  }
}

/** Reads one line again. */
export async function rowAt(file: FileHandle, offset: number): Promise<readonly string[]> {
  for (let room = USUAL_ROW_BYTES; ; room *= 4) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(room), 0, room, offset);
    const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
    if (end >= 0 || bytesRead < room || room > LONGEST_LINE_BYTES)
      return cellsOf(buffer.subarray(0, end < 0 ? bytesRead : end)) ?? [];
  }
}

function cellsOf(line: Buffer): string[] | undefined {
  if (line.length > LONGEST_LINE_BYTES) return undefined;
  const lastNul = line.lastIndexOf(0);
  const text = line.toString('utf8', lastNul + 1).trim();
  return text ? splitLine(text) : undefined;
}

/** Cells of one line; those in quotes may hold commas and doubled quotes. */
export function splitLine(text: string): string[] {
  if (!text.includes('"')) return text.split(',').map((cell) => cell.trim());
  return [...text.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    (quoted?.replaceAll('""', '"') ?? bare ?? '').trim(),
  );
}
