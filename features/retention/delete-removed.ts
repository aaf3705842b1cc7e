import type { Catalog } from '../../libs/database/index.js';
import type { CropId } from '../../libs/domain/index.js';
import { deleteDurably, picturePath } from '../../libs/store/index.js';
import { ackRemovals, listRemovals, type Removal } from './retention.repository.js';

const FILES_AT_ONCE = 64;

/**
 * Deletes the files of pictures that the catalog has as removed. It is all on a list in the catalog: what a kill leaves
 * undone is done the next time.
 *
 * @param onStuck is told of a file that cannot be deleted; it stays on the list
 * @returns how many were deleted
 */
export async function deleteRemoved(
  catalog: Catalog,
  dataDir: string,
  onStuck: (crop: CropId, error: unknown) => void,
  signal?: AbortSignal,
): Promise<number> {
  let deleted = 0;
  let after: CropId | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const removals = await listRemovals(catalog.reader, FILES_AT_ONCE, after);
    const gone = await deleteThese(dataDir, removals, onStuck);
    await ackRemovals(catalog.db, gone);
    deleted += gone.length;
    if (removals.length < FILES_AT_ONCE) return deleted;
    after = removals.at(-1);
  }
}

/** @returns those that are gone */
async function deleteThese(
  dataDir: string,
  removals: readonly Removal[],
  onStuck: (crop: CropId, error: unknown) => void,
): Promise<readonly Removal[]> {
  const pathOf = (crop: Removal) => picturePath(dataDir, crop);
  try {
    await deleteDurably(removals.map(pathOf));
    return removals;
  } catch {
    const gone: Removal[] = [];
    for (const one of removals)
      await deleteDurably([pathOf(one)]).then(
        () => gone.push(one),
        (error) => onStuck(one, error),
      );
    return gone;
  }
}
