/** In a data folder: what was there before a restore. */
export const RESTORE_POINT = 'restore-point-';
/** In a data folder: what a restore gathers before it changes anything. */
export const STAGING = '.restoring-';
/** In a data folder: that a restore is about to change places, and how far it may have come. */
export const SWAP_FILE = 'restore-swap.json';

/** Belongs to restores, not to the data. */
export const isRestoreFile = (name: string): boolean =>
  name.startsWith(RESTORE_POINT) || name.startsWith(STAGING) || name.startsWith(SWAP_FILE);
