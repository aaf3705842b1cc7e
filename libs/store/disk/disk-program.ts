import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { type NewFile, writeDurably } from '../crops/files.js';
import { cropPath, imagesRoot, journalFolder, setAsideFolder } from '../crops/layout.js';
import { type PictureState, pictureState, type StoredPicture } from '../crops/stored-picture.js';
import type { Filing, FromDiskThread, ToDiskThread } from './disk-thread.js';

/**
 * The other side of `DiskThread`: its loop may stand still for as long as the disk takes, so that files are read and
 * written by plain calls, which cost a fraction of what a promise for each of them does.
 */
parentPort?.on('message', async (message: ToDiskThread) => {
  const { id, dataDir } = message;
  try {
    const states =
      'filings' in message
        ? await file(dataDir, message.filings)
        : message.pictures.map((picture) =>
            message.trustsOwn && isUntouched(pathOf(dataDir, picture))
              ? 'whole'
              : pictureState(dataDir, picture),
          );
    answer({ id, states });
  } catch (error) {
    const { message: text, code } = error as NodeJS.ErrnoException;
    answer({ id, error: { message: text, code } });
  }
});

function answer(message: FromDiskThread): void {
  parentPort?.postMessage(message);
}

/** Paths of so many files that were written last are known, with what changes when anybody writes to the file. */
const KNOWN_FILES = 20_000;
const written = new Map<string, string>();

/**
 * Reading a file that was written and synced a moment ago gives back what the operating system still has in memory, and
 * proves nothing about the disk. So such a file is read for the first time when the service has been started again, or
 * when the regular check of all pictures comes to it; unless somebody has changed it.
 */
const isUntouched = (path: string): boolean => {
  const known = written.get(path);
  return known !== undefined && known === identityOf(path);
};

function remember(path: string): void {
  const identity = identityOf(path);
  if (identity === undefined) return;
  written.set(path, identity);
  if (written.size > KNOWN_FILES) for (const [oldest] of written) return void written.delete(oldest);
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino} ${found.size} ${found.ctimeNs}`;
}

const pathOf = (dataDir: string, picture: StoredPicture): string =>
  cropPath(imagesRoot(dataDir), picture, picture.day, picture.format);

/** Only what the journal still has as it came is written: wrong bytes never get a file that looks like a picture. */
async function file(dataDir: string, filings: readonly Filing[]): Promise<PictureState[]> {
  const found = readAll(journalFolder(dataDir), filings);
  const files = filings.flatMap(({ path }, i): NewFile[] => {
    const bytes = found[i];
    return typeof bytes === 'object' ? [{ path, bytes }] : [];
  });
  await writeDurably(files, setAsideFolder(dataDir));
  for (const { path } of files) remember(path);
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
