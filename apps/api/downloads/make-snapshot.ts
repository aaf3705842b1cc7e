import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ZipListWriter } from '../../../libs/images/index.js';
import { folderOf, readSnapshots, type Snapshot, UNFINISHED, writeSnapshot } from './snapshot.js';

/** Fills a list; it stops when the signal says so, because nobody waits any more. */
export type FillList = (list: ZipListWriter, stopped: AbortSignal) => Promise<void>;

export interface SnapshotToMake {
  readonly root: string;
  /** Of its id. */
  readonly beginning: string;
  readonly owner: string;
  readonly fill: FillList;
  readonly stopped: AbortSignal;
  readonly now: () => number;
}

/**
 * Makes a snapshot, in a folder that gets its name when it is whole. Where nothing has changed since an earlier one,
 * that one is it: who has its bytes need not get them again.
 */
export async function makeSnapshot(wanted: SnapshotToMake): Promise<Snapshot> {
  const { root, beginning, owner, fill, stopped, now } = wanted;
  stopped.throwIfAborted();
  await mkdir(root, { recursive: true });
  const madeAtMs = now();
  const id = `${beginning}${randomBytes(8).toString('hex')}`;
  const unfinished = join(root, `${UNFINISHED}${id}`);
  try {
    const list = await writeList(unfinished, fill, stopped);
    const same = (await readSnapshots(root, beginning)).find((known) => known.digest === list.digest);
    if (same) return same;
    const diskBytes = await sizeOf(unfinished);
    const snapshot: Snapshot = {
      id,
      owner,
      madeAtMs,
      usedAtMs: now(),
      ...list,
      diskBytes,
      awaited: 0,
      sentTo: 0,
    };
    await writeSnapshot(unfinished, snapshot);
    await rename(unfinished, folderOf(root, snapshot));
    return snapshot;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function writeList(folder: string, fill: FillList, stopped: AbortSignal) {
  const list = await ZipListWriter.create(folder);
  try {
    await fill(list, stopped);
    return await list.finish();
  } finally {
    await list.close();
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
