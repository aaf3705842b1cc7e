import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** In the data folder: which catalog it belongs to, and what that held when it was last looked over. */
export const MARK_FILE = 'catalog-mark.json';

const MARK = z.object({ catalog: z.string(), runs: z.number(), crops: z.number() });
export type FolderMark = Readonly<z.infer<typeof MARK>>;

/**
 * The mark of a data folder, or undefined where it has none.
 *
 * @throws where it cannot be read: then nobody knows whose folder it is
 */
export async function readMark(dataDir: string): Promise<FolderMark | undefined> {
  const path = join(dataDir, MARK_FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return MARK.parse(JSON.parse(text));
  } catch {
    throw new Error(`${path} is damaged: it should say which catalog this data folder belongs to`);
  }
}

/** Whole or not at all, and durably. */
export async function writeMark(dataDir: string, mark: FolderMark): Promise<void> {
  const path = join(dataDir, MARK_FILE);
  const fresh = await open(`${path}.new`, 'w', 0o600);
  try {
    await fresh.writeFile(`${JSON.stringify(mark)}\n`);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${path}.new`, path);
}
