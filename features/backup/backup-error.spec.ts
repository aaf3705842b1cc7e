import { describe, expect, it } from '@jest/globals';
import { BackupError, orDiskFull } from './backup-error.js';

describe('a full disk', () => {
  it.each([
    ['a file', { code: 'ENOSPC' }],
    ['a quota', { code: 'EDQUOT' }],
    ['SQLite', { code: 'ERR_SQLITE_ERROR', errcode: 13 }],
  ])('is named, whatever %s calls it', (_what, error) => {
    expect(orDiskFull(Object.assign(new Error('x'), error), '/mnt/usb')).toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('the disk of /mnt/usb is full'),
    });
  });

  it('is not blamed for anything else', () => {
    const other = new BackupError('damaged', 'x');
    expect(orDiskFull(other, '/mnt/usb')).toBe(other);
  });
});
