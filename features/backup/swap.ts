import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../../libs/store/index.js';
import { BackupError } from './backup-error.js';
import { writeWhole } from './copy-file.js';
import { isRestoreFile, RESTORE_POINT, SWAP_FILE } from './restore-files.js';

const SWAP = z.object({
  restorePoint: z.string(),
  staging: z.string(),
  /** Names in the data folder that go, and that come. */
  old: z.array(z.string()),
  fresh: z.array(z.string()),
});
type Swap = z.infer<typeof SWAP>;

/** The lock is on the folder, whatever is in it. What a broker has queued for this service is newer than any backup. */
const stays = (name: string): boolean =>
  name.startsWith('folder.lock') || name === 'broker-sessions' || name === 'lost+found';

/**
 * Puts what is staged in the place of what is there, which becomes a restore point beside it. First it is written down
 * what goes where: killed in between, `finishSwap` does the rest.
 *
 * @param staging a folder in the data folder
 * @returns the restore point, or undefined where there was nothing to put aside
 */
export async function swapIn(dataDir: string, staging: string, name: string): Promise<string | undefined> {
  const old = (await readdir(dataDir)).filter((entry) => !stays(entry) && !isRestoreFile(entry));
  const swap: Swap = {
    restorePoint: freePoint(dataDir, name),
    staging: basename(staging),
    old,
    fresh: await readdir(staging),
  };
  await writeWhole(join(dataDir, SWAP_FILE), JSON.stringify(swap));
  await syncFolder(dataDir);
  await carryOut(dataDir, swap);
  return old.length ? join(dataDir, swap.restorePoint) : undefined;
}

/** Ends a swap that was interrupted; where there was none, nothing happens. @returns whether there was one */
export async function finishSwap(dataDir: string): Promise<boolean> {
  const file = join(dataDir, SWAP_FILE);
  if (!existsSync(file)) return false;
  const parsed = SWAP.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success)
    throw new BackupError('damaged', `${file} is damaged: it should say what a restore moves`);
  await carryOut(dataDir, parsed.data);
  return true;
}

async function carryOut(dataDir: string, { restorePoint, staging, old, fresh }: Swap): Promise<void> {
  const point = join(dataDir, restorePoint);
  const staged = join(dataDir, staging);
  await mkdir(point, { recursive: true, mode: 0o700 });
  const aside: string[] = [];
  try {
    for (const name of old) {
      // One that is in the restore point went there before a kill; what bears its name now has come since.
      if (existsSync(join(point, name)) || !existsSync(join(dataDir, name))) continue;
      await rename(join(dataDir, name), join(point, name));
      aside.push(name);
    }
  } catch (error) {
    for (const name of aside) await rename(join(point, name), join(dataDir, name));
    await rmdir(point).catch(() => {});
    await rm(join(dataDir, SWAP_FILE));
    throw new BackupError(
      'wrong-place',
      `${dataDir} cannot be put aside (${(error as Error).message}): nothing has changed; restore to another folder with --to`,
    );
  }
  for (const name of fresh)
    if (existsSync(join(staged, name))) await rename(join(staged, name), join(dataDir, name));
  await rm(staged, { recursive: true, force: true });
  await rmdir(point).catch(() => {}); // only where nothing is in it
  await syncFolder(dataDir);
  await rm(join(dataDir, SWAP_FILE));
}

function freePoint(dataDir: string, name: string): string {
  for (let i = 1; ; i += 1) {
    const point = `${RESTORE_POINT}${name}${i > 1 ? `-${i}` : ''}`;
    if (!existsSync(join(dataDir, point))) return point;
  }
}
