import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder that only its owner may read, with those above it. Nothing where it is there.
 *
 * Node's own (`recursive`) never returns below a folder that takes no new ones and says that it is not there, as /proc.
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (isFolder(path)) return;
  if (!isFolder(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
    syncEntries(dirname(path));
  } catch (error) {
    // Another process may have been quicker.
    if (!isFolder(path)) throw error;
  }
}

/** A power cut must not take a folder whose files are synced. Not every system syncs folders. */
function syncEntries(folder: string): void {
  try {
    const entries = openSync(folder, 'r');
    try {
      fsyncSync(entries);
    } finally {
      closeSync(entries);
    }
  } catch {
    // A folder above may belong to others.
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
