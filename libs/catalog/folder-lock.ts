import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { makeFolder } from './make-folder.js';

/** In the data folder; never read it by other means: closing a file ends a process's locks on it. */
const LOCK_FILE = 'folder.lock';
const SQLITE_BUSY = 5;
/** Two that look at the same moment must not take each other for a service. */
const PATIENCE_MS = 500;

/** Somebody else is at work on the data folder. */
export class FolderInUseError extends Error {
  readonly code = 'folder-in-use';
}

/** A hold on a data folder; it ends with the process, however that ends. */
export interface FolderHold {
  release(): void;
}

/**
 * Says that this process works with the folder; any number may. The lock is one of the operating system, through SQLite:
 * it also counts between containers, and nobody has to clear up after a kill.
 *
 * @throws FolderInUseError while a restore has the folder for itself
 */
export function shareFolder(dataDir: string): FolderHold {
  return hold(
    dataDir,
    'begin; select count(*) from sqlite_master',
    'a restore is at work on this data folder',
  );
}

/**
 * Takes the folder for this process alone.
 *
 * @throws FolderInUseError while a service, a backup or another command works with it
 */
export function claimFolder(dataDir: string): FolderHold {
  return hold(
    dataDir,
    'begin exclusive',
    'a service or a command is at work on this data folder: stop it first',
  );
}

function hold(dataDir: string, how: string, inUse: string): FolderHold {
  makeFolder(dataDir);
  const lock = new DatabaseSync(join(dataDir, LOCK_FILE));
  try {
    lock.exec(`pragma busy_timeout=${PATIENCE_MS}; ${how}`);
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw new FolderInUseError(`${inUse} (${dataDir})`);
    throw error;
  }
  return { release: () => lock.close() };
}

const isBusy = (error: unknown): boolean =>
  ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY ||
  /database is locked/.test(String(error));
