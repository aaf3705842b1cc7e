import { close, open, read } from 'node:fs';

/**
 * The bytes of a file that must be this long; undefined where there is no such file, or one of another length, as while
 * it is being written. Callbacks: for ten thousands of small files a FileHandle each costs more than the reading.
 */
export function readExactly(path: string, bytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    open(path, 'r', (failure, file) => {
      if (failure) return failure.code === 'ENOENT' ? resolve(undefined) : reject(failure);
      // One more than there should be, or a longer file would not show.
      const buffer = Buffer.allocUnsafeSlow(bytes + 1);
      read(file, buffer, 0, bytes + 1, 0, (error, found) => {
        close(file, () => {
          if (error) reject(error);
          else resolve(found === bytes ? buffer.subarray(0, bytes) : undefined);
        });
      });
    });
  });
}
