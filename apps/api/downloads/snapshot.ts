import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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
