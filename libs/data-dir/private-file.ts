import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

const OTHERS = 0o077;

/**
 * Makes the file of a catalog, where it is not there, and takes it from everybody but its owner, whoever made the folder
 * that it is in: it holds hashes of passwords and exact places. SQLite gives `-wal` and `-shm` the rights of the file;
 * those that are there may be older.
 */
export function keepPrivate(file: string): void {
  makeNew(file);
  for (const path of [file, `${file}-wal`, `${file}-shm`]) takeFromOthers(path, OTHERS);
}

/**
 * Takes rights from a file or folder. Nothing where it is not there, or is somebody else's, who decides on it.
 *
 * @param rights as in a mode, such as 0o007
 */
export function takeFromOthers(path: string, rights: number): void {
  try {
    const { mode } = statSync(path);
    if (mode & rights) chmodSync(path, mode & 0o7777 & ~rights);
  } catch (error) {
    if (!['ENOENT', 'EPERM', 'EROFS', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
}

/** Never opens one that is there: to close it would end the locks that SQLite holds on it in this process. */
function makeNew(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
