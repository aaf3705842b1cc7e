import { stat } from 'node:fs/promises';
import { freeBytes } from '../../libs/images/index.js';
import { BackupError } from './backup-error.js';

/**
 * A backup on the disk of the data itself must not take the room that the service needs to take crops.
 *
 * @returns a look that throws where it would
 */
export async function roomGuard(
  folder: string,
  dataDir: string,
  reserveBytes: number,
): Promise<() => Promise<void>> {
  const [there, here] = await Promise.all([stat(folder), stat(dataDir)]);
  if (there.dev !== here.dev) return async () => {};
  return async () => {
    if ((await freeBytes(folder)) < reserveBytes)
      throw new BackupError(
        'disk-full',
        `${folder} is on the disk of the data folder, which is under its reserve: take another disk`,
      );
  };
}
