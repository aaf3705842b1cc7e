/** A backup or a restore cannot go on; nothing that was there before has changed. The message says what to do. */
export class BackupError extends Error {
  constructor(
    readonly code:
      | 'wrong-place'
      | 'other-catalog'
      | 'disk-full'
      | 'not-a-backup'
      | 'unfinished'
      | 'damaged'
      | 'secrets-missing',
    message: string,
  ) {
    super(message);
  }
}

const SQLITE_FULL = 13;

/** What a full disk says, in words; anything else as it is. */
export function orDiskFull(error: unknown, folder: string): unknown {
  const { code, errcode } = error as { code?: string; errcode?: number };
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && errcode !== SQLITE_FULL) return error;
  return new BackupError('disk-full', `the disk of ${folder} is full: make room, and start again`);
}
