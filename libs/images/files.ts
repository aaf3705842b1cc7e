import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface NewFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** libuv has four threads for files: more at once would only wait. */
const AT_ONCE = 4;

/**
 * Writes files and syncs them and their folders: when this resolves, a power cut does not touch them.
 *
 * A file that is there already is written again: it may be half a file of a process that was killed.
 */
export async function writeDurably(files: readonly NewFile[]): Promise<void> {
  const folders = new Set(files.map((file) => dirname(file.path)));
  const made = (await Promise.all([...folders].map((folder) => mkdir(folder, { recursive: true })))).filter(
    (path) => path !== undefined,
  );
  const queue = [...files];
  const writers = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, async () => {
      for (let file = queue.pop(); file; file = queue.pop()) await writeOne(file);
    }),
  );
  // Only when all have stopped: one that still wrote could cut short a file that the next call has synced.
  for (const writer of writers) if (writer.status === 'rejected') throw writer.reason;
  // A new folder is an entry in its parent, which must be durable too.
  const touched = new Set([...folders, ...made.flatMap((path) => parentsDownTo(path, folders))]);
  for (const folder of touched) await withHandle(folder, 'r', (handle) => handle.sync());
}

async function writeOne({ path, bytes }: NewFile): Promise<void> {
  await withHandle(path, 'w', async (handle) => {
    await handle.writeFile(bytes);
    await handle.datasync();
  });
}

/** From the parent of the first folder that was made down to the folders of the files. */
function parentsDownTo(firstMade: string, folders: ReadonlySet<string>): string[] {
  const parents = new Set([dirname(firstMade)]);
  for (const folder of folders) {
    for (let path = folder; path.startsWith(firstMade); path = dirname(path)) parents.add(path);
  }
  return [...parents];
}

async function withHandle(
  path: string,
  flags: string,
  use: (handle: FileHandle) => Promise<unknown>,
): Promise<void> {
  const handle = await open(path, flags);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

/** The bytes of a file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
