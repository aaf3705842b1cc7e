import { createHash } from 'node:crypto';
import { close, open, read } from 'node:fs';
import { crc32 } from 'node:zlib';

const NOT_THERE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);
/** A folder stands in its place, or the disk cannot read it. */
const NO_FILE: ReadonlySet<string | undefined> = new Set(['EISDIR', 'EIO', 'EBADMSG']);

/**
 * The bytes of a file that must be this long; undefined where there is no such file, none that can be read, or one of another length, as while
 * it is being written. Callbacks: for ten thousands of small files a FileHandle each costs more than the reading.
 */
export function readExactly(path: string, bytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    open(path, 'r', (failure, file) => {
      if (failure) return NOT_THERE.has(failure.code) ? resolve(undefined) : reject(failure);
      // One more than there should be, or a longer file would not show.
      const buffer = Buffer.allocUnsafeSlow(bytes + 1);
      read(file, buffer, 0, bytes + 1, 0, (error, found) => {
        close(file, () => {
          if (error && !NO_FILE.has(error.code)) reject(error);
          else resolve(!error && found === bytes ? buffer.subarray(0, bytes) : undefined);
        });
      });
    });
  });
}

/** What the catalog keeps of the bytes: sha256 as 64 hex digits, crc32 as ZIP archives want it. */
export function fingerprint(bytes: Buffer): { readonly sha256: string; readonly crc32: number } {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), crc32: crc32(bytes) };
}
