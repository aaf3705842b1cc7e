import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ZipListWriter } from '../../../libs/store/index.js';

/**
 * A fixed list of entries, so that an archive has the same bytes hours later: in a folder of its own, found by its name
 * alone. Its `id` is the ETag.
 */
export interface Snapshot {
  /** `<key>-<what makes it unlike others>`: the name of its folder. */
  readonly id: string;
  /** Who may have it: whose key asked, as `kind/name`. */
  readonly owner: string;
  readonly madeAtMs: number;
  readonly usedAtMs: number;
  /** Size of the archive. */
  readonly length: number;
  /** The same where nothing has changed. */
  readonly digest: string;
  /** Room that the list takes. */
  readonly diskBytes: number;
  /** Clients that have begun it and have not got its end. */
  readonly awaited: number;
  /** No client can have more than this many bytes of it. */
  readonly sentTo: number;
}

const STATE_FILE = 'snapshot.json';
/** What begins with this is not finished. */
export const UNFINISHED = 'unfinished-';

export const folderOf = (root: string, { id }: Pick<Snapshot, 'id'>): string => join(root, id);

/** Snapshots whose id begins like this, newest first. Another process may add and remove some at any time. */
export async function readSnapshots(root: string, beginning = ''): Promise<Snapshot[]> {
  const names = await readdir(root).catch(() => []);
  const wanted = names.filter((name) => name.startsWith(beginning) && !name.startsWith(UNFINISHED));
  const found = await Promise.all(wanted.map((id) => readSnapshot(root, id)));
  return found.filter((snapshot) => snapshot !== undefined).sort((a, b) => b.madeAtMs - a.madeAtMs);
}

/** Undefined where it is gone. */
export async function readSnapshot(root: string, id: string): Promise<Snapshot | undefined> {
  try {
    return JSON.parse(await readFile(join(root, id, STATE_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whole or not at all, whoever reads it meanwhile. Not synced: what a power cut takes is made anew. */
export async function writeSnapshot(folder: string, snapshot: Snapshot): Promise<void> {
  const path = join(folder, STATE_FILE);
  await writeFile(`${path}.new`, JSON.stringify(snapshot));
  await rename(`${path}.new`, path);
}

/** Fills a list; it stops when the signal says so, because nobody waits any more. */
export type FillList = (list: ZipListWriter, stopped: AbortSignal) => Promise<void>;

interface SnapshotToMake {
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
