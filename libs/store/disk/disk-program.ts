import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { type NewFile, writeDurably } from '../crops/files.js';
import { journalFolder, setAsideFolder } from '../crops/layout.js';
import { type PictureState, pictureState } from '../crops/stored-picture.js';
import type { Filing, FromDiskThread, ToDiskThread } from './disk-thread.js';

/**
 * The other side of `DiskThread`: its loop may stand still for as long as the disk takes, so that files are read and
 * written by plain calls, which cost a fraction of what a promise for each of them does.
 */
parentPort?.on('message', async (message: ToDiskThread) => {
  const { id, dataDir } = message;
  try {
    const states = await statesOf(dataDir, message);
    answer({ id, states });
  } catch (error) {
    const { message: text, code } = error as NodeJS.ErrnoException;
    answer({ id, error: { message: text, code } });
  }
});

function statesOf(
  dataDir: string,
  message: ToDiskThread,
): readonly PictureState[] | Promise<readonly PictureState[]> {
  if ('filings' in message) return file(dataDir, message.filings);
  if ('runs' in message) return message.runs.map(stateOfOwn);
  return message.pictures.map((picture) => pictureState(dataDir, picture));
}

function answer(message: FromDiskThread): void {
  parentPort?.postMessage(message);
}

/** The files of so many runs that were written last are known, each with what changes when anybody writes to it. */
const KNOWN_RUNS = 2000;
const written = new Map<string, Map<string, string>>();

function remember({ run, path }: Filing): void {
  const identity = identityOf(path);
  const files = written.get(run) ?? new Map<string, string>();
  // The run that was written to last comes last.
  written.delete(run);
  written.set(run, files);
  if (identity !== undefined) files.set(path, identity);
  for (const [oldest] of written) {
    if (written.size <= KNOWN_RUNS) break;
    written.delete(oldest);
  }
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino} ${found.size} ${found.ctimeNs}`;
}

const stateOfOwn = (run: string): PictureState =>
  [...(written.get(run) ?? [])].every(([path, identity]) => identityOf(path) === identity)
    ? 'whole'
    : 'damaged';

/** Only what the journal still has as it came is written: wrong bytes never get a file that looks like a picture. */
async function file(dataDir: string, filings: readonly Filing[]): Promise<PictureState[]> {
  const found = readAll(journalFolder(dataDir), filings);
  const files = filings.flatMap(({ path }, i): NewFile[] => {
    const bytes = found[i];
    return typeof bytes === 'object' ? [{ path, bytes }] : [];
  });
  await writeDurably(files, setAsideFolder(dataDir));
  for (const [i, filing] of filings.entries()) if (typeof found[i] === 'object') remember(filing);
  return found.map((bytes) => (typeof bytes === 'string' ? bytes : 'whole'));
}

function readAll(journal: string, filings: readonly Filing[]): (Uint8Array | 'missing' | 'damaged')[] {
  const segments = new Map<string, number | undefined>();
  try {
    return filings.map((filing) => {
      if (!segments.has(filing.segment)) segments.set(filing.segment, openSegment(journal, filing.segment));
      const segment = segments.get(filing.segment);
      return segment === undefined ? 'missing' : readOne(segment, filing);
    });
  } finally {
    for (const segment of segments.values()) if (segment !== undefined) closeSync(segment);
  }
}

/** @returns undefined where there is none, although its folder is there: otherwise it is the disk that is away */
function openSegment(journal: string, name: string): number | undefined {
  try {
    return openSync(join(journal, name), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    statSync(journal);
    return undefined;
  }
}

function readOne(segment: number, filing: Filing): Uint8Array | 'damaged' {
  const entry = Buffer.allocUnsafe(filing.bytes);
  const isWhole =
    readSync(segment, entry, 0, filing.bytes, filing.position) === filing.bytes &&
    crc32(entry) === filing.crc32;
  return isWhole ? entry : 'damaged';
}
