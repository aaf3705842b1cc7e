import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { makeFolder } from './make-folder.js';

/** In the data folder; never read them by other means: closing a file ends a process's locks on it. */
const LOCK_FILE = 'folder.lock';
/** A lock beside the other one, since commands share that one with the service. */
const SERVICE_LOCK_FILE = 'folder.lock-service';
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

/**
 * Says that the service of this folder is this process, and no other: with SQLite, two would take each other's crops and
 * answers. Commands may work with the folder all the same.
 *
 * @throws FolderInUseError while another service has it
 */
export function serveFolder(dataDir: string): FolderHold {
  return hold(
    dataDir,
    'begin exclusive',
    'another Trapline service runs on this data folder: stop it first, or set TRAPLINE_DATA_DIR to a folder of its own; several services can share a PostgreSQL (DATABASE_URL)',
    SERVICE_LOCK_FILE,
  );
}

function hold(dataDir: string, how: string, inUse: string, file = LOCK_FILE): FolderHold {
  return holdFile(dataDir, file, how, `${inUse} (${dataDir})`, PATIENCE_MS);
}

/**
 * Locks a file of its own in a folder.
 *
 * @throws FolderInUseError while another process has it
 */
export function holdFile(
  folder: string,
  file: string,
  how: string,
  inUse = `${file} is in use`,
  patienceMs = 0,
): FolderHold {
  makeFolder(folder);
  const lock = new DatabaseSync(join(folder, file));
  try {
    lock.exec(`pragma busy_timeout=${patienceMs}; ${how}`);
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw new FolderInUseError(inUse);
    throw error;
  }
  return { release: () => lock.close() };
}

const isBusy = (error: unknown): boolean =>
  ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY ||
  /database is locked/.test(String(error));
