import { access, constants, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ifMissing, pathOf } from './session-state.js';

/** What the notes on some thousand crops take. */
const ROOM_BYTES = 256 * 1024;

/** What was sent could not be noted: the disk is full, or the folder is not ours to write in. */
export class StateUnwritable extends Error {
  readonly code = 'state-unwritable';

  constructor(folder: string, cause: unknown) {
    super(`what is sent cannot be noted in ${folder}: ${(cause as Error).message}${hintOf(cause)}`, {
      cause,
    });
  }
}

/**
 * Finds out whether what will be sent of a session can be noted: what is sent and not noted is sent again, over the
 * radio, for ever.
 *
 * @param session the name of its folder
 * @throws StateUnwritable
 */
export async function assertDiskSpace(stateFolder: string, session: string): Promise<void> {
  // One name, so that those that power cuts leave behind do not add up.
  const probe = join(stateFolder, '.room');
  try {
    await mkdir(stateFolder, { recursive: true });
    // Somebody else may have written it: whoever ran the agent as root.
    await access(pathOf(stateFolder, session), constants.W_OK).catch(ifMissing);
    const file = await open(probe, 'w');
    try {
      await file.writeFile(Buffer.alloc(ROOM_BYTES));
      // A disk may take it first, and say only now that it is full.
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new StateUnwritable(stateFolder, error);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/** A card that is write-protected has no room for notes, and need not have. */
const hintOf = (cause: unknown): string =>
  ['EROFS', 'EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')
    ? ' (set stateFolder to a folder that can be written to)'
    : '';
