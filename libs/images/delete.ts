import { open, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

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
