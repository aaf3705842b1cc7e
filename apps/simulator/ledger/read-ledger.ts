import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { BeginEntry, Entry } from './entry.js';

/** The entries of a ledger, in the order of their writing. A last line that was cut off is left out. */
export async function* readLedger(path: string): AsyncGenerator<Entry> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const entry = parse(line);
    if (!entry) return;
    yield entry;
  }
}

/** @throws Error if the file is no ledger */
export async function beginOf(path: string): Promise<BeginEntry> {
  for await (const entry of readLedger(path)) {
    if (entry.is === 'ledger' && entry.v === 1) return entry;
    break;
  }
  throw new Error(`${path} is no ledger of this simulator`);
}

function parse(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
