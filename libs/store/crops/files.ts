import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fdatasync,
  fsync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { open, readFile, rmdir, statfs, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** So many are open together. */
const AT_ONCE = 64;
/** All threads of a process share libuv's four for files: one stays free for the journal, which traps wait for. */
const SYNCS_AT_ONCE = 3;

/**
 * Writes files and syncs them and their folders: when this resolves, a power cut does not touch them.
 *
 * Many are written before the first is synced, so that the disk does its work in few steps. The writing holds up the thread for
 * some 0.1 ms a file: who serves others meanwhile lets a `FilingThread` do it.
 *
 * No file is ever overwritten, whatever two names the disk takes for the same. One with these bytes stays; what a process
 * that was killed or a power cut left of them (their beginning, or zeros) is written again; anything else is moved to
 * `asideFolder` first.
 *
 * @throws the first error, when everything that could be written is
 */
export async function writeDurably(files: readonly NewFile[], asideFolder: string): Promise<void> {
  const errors: unknown[] = [];
  const made = makeFolders(new Set(files.map((file) => dirname(file.path))), errors);
  for (let at = 0; at < files.length; at += AT_ONCE)
    await writeSome(files.slice(at, at + AT_ONCE), asideFolder, errors);
  await withOpen(
    (open) => {
      for (const folder of made) attempt(errors, () => open.push(openSync(folder, 'r')));
    },
    fsync,
    errors,
  );
  if (errors.length) throw errors[0];
}

const writeSome = (files: readonly NewFile[], asideFolder: string, errors: unknown[]): Promise<void> =>
  withOpen(
    (open) => {
      for (const file of files)
        attempt(errors, () => {
          const { descriptor, isWritten } = create(file, asideFolder);
          open.push(descriptor);
          if (isWritten) return;
          for (let at = 0; at < file.bytes.length; ) at += writeSync(descriptor, file.bytes, at);
        });
    },
    fdatasync,
    errors,
  );

/** `isWritten`: the file was there with these bytes, and only has to be synced. */
function create(file: NewFile, asideFolder: string): { descriptor: number; isWritten: boolean } {
  try {
    return { descriptor: openSync(file.path, 'wx'), isWritten: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(file.path).isFile() ? readFileSync(file.path) : undefined;
  if (found?.equals(file.bytes)) return { descriptor: openSync(file.path, 'r+'), isWritten: true };
  if (found && isLeftOf(found, file.bytes)) unlinkSync(file.path);
  else setAside(file.path, asideFolder);
  return { descriptor: openSync(file.path, 'wx'), isWritten: false };
}

const isLeftOf = (found: Buffer, bytes: Uint8Array): boolean =>
  found.equals(bytes.subarray(0, found.length)) || found.every((byte) => byte === 0);

function setAside(path: string, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  renameSync(path, join(folder, `${Date.now()}-${randomUUID().slice(0, 8)}-${basename(path)}`));
}

/** Syncs all that `use` has opened, and closes it. */
async function withOpen(use: (open: number[]) => void, sync: typeof fsync, errors: unknown[]): Promise<void> {
  const open: number[] = [];
  use(open);
  const syncNext = async () => {
    for (let file = open.pop(); file !== undefined; file = open.pop()) await syncAndClose(file, sync, errors);
  };
  await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncNext));
}

function syncAndClose(file: number, sync: typeof fsync, errors: unknown[]): Promise<void> {
  return new Promise((resolve) => {
    sync(file, (error) => {
      if (error) errors.push(error);
      attempt(errors, () => closeSync(file));
      resolve();
    });
  });
}

/** @returns the folders to sync when the files are there: a new folder is an entry in its parent */
function makeFolders(folders: ReadonlySet<string>, errors: unknown[]): Set<string> {
  const touched = new Set(folders);
  for (const folder of folders)
    attempt(errors, () => {
      const firstMade = mkdirSync(folder, { recursive: true });
      if (firstMade === undefined) return;
      for (let path = folder; path.startsWith(firstMade); path = dirname(path)) touched.add(dirname(path));
    });
  return touched;
}

function attempt(errors: unknown[], work: () => void): void {
  try {
    work();
  } catch (error) {
    errors.push(error);
  }
}

/** The bytes of a file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** How many folders above a file may be left empty with it: those of its run and its day. */
const FOLDERS_ABOVE = 2;

/**
 * Deletes files and the folders of runs and days that are empty then, and syncs what is left: when this resolves, a
 * power cut does not bring them back. One that is gone already is no failure.
 *
 * @param paths as `cropPath` makes them
 */
export async function deleteDurably(paths: readonly string[]): Promise<void> {
  for (const path of paths) await unlink(path).catch(unless('ENOENT', 'ENOTDIR'));
  const left = new Set<string>();
  for (const folder of new Set(paths.map(dirname))) left.add(await deleteEmpty(folder, FOLDERS_ABOVE));
  for (const folder of left) await syncFolder(folder);
}

/** @returns the nearest folder that stays */
async function deleteEmpty(folder: string, times: number): Promise<string> {
  if (times === 0) return folder;
  // Only an empty folder goes: a crop that comes at this moment has it made again.
  const isGone = await rmdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
  return isGone ? deleteEmpty(dirname(folder), times - 1) : folder;
}

/** Makes what was created, renamed or deleted in a folder durable; one that is gone has nothing to lose. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(unless('ENOENT'));
  await handle?.sync().finally(() => handle.close());
}

function unless(...codes: readonly string[]) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (error.code && codes.includes(error.code)) return undefined;
    throw error;
  };
}

/** Bytes that a normal user may still write on the disk of this folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
