import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  deleteDurably,
  downloadsFolder,
  picturePath,
  THUMBNAIL_SIZES,
  thumbnailPath,
  thumbnailsRoot,
} from '../../libs/store/index.js';
import type { DeletedFile } from './deletions.repository.js';

/**
 * Deletes pictures with their thumbnails, and the lists of all downloads: these may name what is gone, and are made again.
 * May be repeated.
 */
export async function deleteFiles(dataDir: string, files: readonly DeletedFile[]): Promise<void> {
  await deleteDurably(files.map((file) => picturePath(dataDir, file)));
  for (const file of files)
    for (const size of THUMBNAIL_SIZES)
      await rm(thumbnailPath(thumbnailsRoot(dataDir), file, size), { force: true });
  const lists = downloadsFolder(dataDir);
  for (const name of await readdir(lists).catch(() => []))
    await rm(join(lists, name), { recursive: true, force: true });
}
