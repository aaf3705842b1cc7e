import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { claimFolder } from '../../libs/catalog/index.js';
import { SWAP_FILE } from './restore-files.js';
import { finishSwap } from './swap.js';

/** Ends a restore that was killed while things changed places, before anybody opens what is half the one and half the other. */
export async function finishRestore(dataDir: string): Promise<void> {
  if (!existsSync(join(dataDir, SWAP_FILE))) return;
  const hold = claimFolder(dataDir);
  try {
    await finishSwap(dataDir);
  } finally {
    hold.release();
  }
}
