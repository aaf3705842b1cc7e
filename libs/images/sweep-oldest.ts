import { opendir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly changedAtMs: number;
}

/**
 * Removes the oldest files under a folder where all together are larger than `limitBytes`, until they are no larger
 * than `toBytes`; and folders that are empty then. Files that come or go meanwhile do not disturb it.
 */
export async function sweepOldest(root: string, limitBytes: number, toBytes: number): Promise<void> {
  const files = await filesUnder(root);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= limitBytes) return;
  files.sort((a, b) => a.changedAtMs - b.changedAtMs);
  for (const file of files) {
    if (bytes <= toBytes) break;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
  await removeEmpty(root);
}

async function filesUnder(folder: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const known = await stat(path).catch(() => undefined);
    if (known) found.push({ path, bytes: known.size, changedAtMs: known.mtimeMs });
  }
  return found;
}

async function removeEmpty(folder: string): Promise<void> {
  for await (const entry of await opendir(folder)) {
    if (!entry.isDirectory()) continue;
    const inner = join(folder, entry.name);
    await removeEmpty(inner);
    // One that is not empty stays.
    await rmdir(inner).catch(() => {});
  }
}
