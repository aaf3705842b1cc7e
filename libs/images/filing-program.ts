import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { type NewFile, writeDurably } from './files.js';
import type { Filing, FromFilingThread, ToFilingThread } from './filing-messages.js';

/**
 * The other side of `FilingThread`: its loop may stand still for as long as the disk takes, so that files are read and
 * written by plain calls, which cost a fraction of what a promise for each of them does.
 */
parentPort?.on('message', async ({ id, journal, filings }: ToFilingThread) => {
  try {
    await writeDurably(readAll(journal, filings));
    answer({ id });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    answer({ id, error: { message, code } });
  }
});

function answer(message: FromFilingThread): void {
  parentPort?.postMessage(message);
}

function readAll(journal: string, filings: readonly Filing[]): NewFile[] {
  const segments = new Map<string, number>();
  try {
    return filings.map((filing) => {
      const file = segments.get(filing.segment) ?? openSegment(join(journal, filing.segment));
      segments.set(filing.segment, file);
      return { path: filing.path, bytes: readOne(file, filing) };
    });
  } finally {
    for (const file of segments.values()) closeSync(file);
  }
}

function openSegment(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      code === 'ENOENT' ? `the journal's segment ${path} is gone, though crops are in it` : message,
      { cause: error },
    );
  }
}

function readOne(file: number, { segment, position, bytes }: Filing): Uint8Array {
  const entry = Buffer.allocUnsafe(bytes);
  if (readSync(file, entry, 0, bytes, position) !== bytes)
    throw new Error(`${segment} ends before the entry at ${position} does`);
  return entry;
}
