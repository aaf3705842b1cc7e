import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './files.js';
import { imagesRoot, journalFolder } from './layout.js';

/** As long as a name of the image store can be, with the one character that occurs in no id. */
const LONG_NAME = 'a'.repeat(38);

/**
 * Makes the folders that the first acknowledgement relies on, and syncs the entries of all folders above them: a file that
 * is synced is lost all the same where a power cut takes its folder.
 *
 * @throws Error where the disk cannot keep the names of pictures apart
 */
export async function prepareFolders(dataDir: string): Promise<void> {
  for (const folder of [journalFolder(dataDir), imagesRoot(dataDir)])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncFolder(dataDir);
  for (let above = dirname(dataDir); ; above = dirname(above)) {
    // Not every folder above may be read, and not every file system syncs folders: then it is not ours to make durable.
    await syncFolder(above).catch(() => {});
    if (above === dirname(above)) break;
  }
  await expectNamesKept(imagesRoot(dataDir));
}

/** Two long names that differ at their end, with a `+`, each keep what is written to them. */
async function expectNamesKept(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  const names = [`${LONG_NAME}+1.jpg`, `${LONG_NAME}+2.jpg`];
  await mkdir(probe, { mode: 0o700 });
  try {
    for (const name of names) {
      const file = await open(join(probe, name), 'wx');
      await file.writeFile(name).finally(() => file.close());
    }
    const kept = await Promise.all(names.map((name) => readFile(join(probe, name), 'utf8')));
    if (kept.join() !== names.join() || (await readdir(probe)).length !== names.length)
      throw new Error('two names are the same to it');
  } catch (cause) {
    throw new Error(
      `the disk of ${folder} does not keep long file names apart (${(cause as Error).message}): put TRAPLINE_DATA_DIR on another one, such as ext4, APFS or NTFS`,
      { cause },
    );
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}
