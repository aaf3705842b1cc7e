import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderMark, readMark, writeMark } from '../../libs/data-dir/index.js';
import { type Db, findState, nameCatalog, putState } from '../../libs/database/index.js';

/**
 * Whether data folder and catalog belong together. `other`: each says so of another one. `new-catalog`: the folder
 * belongs to a catalog, and this one is none yet. `strange-folder`: the catalog has runs, the folder does not know of
 * it. `unpaired`: neither says anything, since no service of this version has run on them.
 */
export type DataDirBinding = 'paired' | 'other' | 'new-catalog' | 'strange-folder' | 'unpaired';

/** Looks, and changes nothing. @throws where the folder's mark cannot be read */
export async function bindingOf(db: Db, dataDir: string): Promise<DataDirBinding> {
  const mark = await readMark(dataDir);
  const identity = await findState(db, 'identity');
  if (mark && identity) return mark.catalog === identity.id ? 'paired' : 'other';
  if (mark) return 'new-catalog';
  if (!identity) return 'unpaired';
  return 'strange-folder';
}

/**
 * Makes a catalog and a folder that are both new, or of an earlier version, known to each other. What does not fit
 * stays as it is: a wrong setting must not become the truth because somebody started the service once.
 */
export async function bind(db: Db, dataDir: string): Promise<DataDirBinding> {
  const found = await bindingOf(db, dataDir);
  const identity = await findState(db, 'identity');
  if (found === 'paired') {
    if (!identity?.settled) await settle(db, dataDir);
    return found;
  }
  const isFresh = !(await hasRuns(db));
  const mayPair =
    found === 'unpaired'
      ? !(isFresh && (await hasImages(dataDir)))
      : // Killed between the two, or a folder that was lost before anything was in it.
        found === 'strange-folder' && (!identity?.settled || isFresh);
  if (mayPair) await settle(db, dataDir);
  return mayPair ? 'paired' : found;
}

/** An operator says that they belong together, whatever they say themselves. */
export async function bindForced(db: Db, dataDir: string, known: Omit<FolderMark, 'catalog'>): Promise<void> {
  await settle(db, dataDir, known);
}

/** Notes what the catalog holds now, so that a sudden loss shows. */
export async function noteSize(db: Db, dataDir: string, known: Omit<FolderMark, 'catalog'>): Promise<void> {
  const identity = await findState(db, 'identity');
  if (identity) await writeMark(dataDir, { catalog: identity.id, ...known });
}

async function settle(db: Db, dataDir: string, known?: Omit<FolderMark, 'catalog'>): Promise<void> {
  // The catalog first, and as not settled: whoever is killed in between is not taken for a stranger.
  const { id } = await nameCatalog(db, randomUUID());
  const mark = known ? undefined : await readMark(dataDir);
  if (mark?.catalog !== id) await writeMark(dataDir, { catalog: id, ...(known ?? { runs: 0, crops: 0 }) });
  await putState(db, 'identity', { id, settled: true });
}

async function hasRuns(db: Db): Promise<boolean> {
  return (await db.selectFrom('runs').select('run_id').limit(1).executeTakeFirst()) !== undefined;
}

const hasImages = async (dataDir: string): Promise<boolean> =>
  (await readdir(join(dataDir, 'images')).catch(() => [])).length > 0;
