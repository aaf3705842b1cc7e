import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file durably and whole or not at all, and its folders.
 *
 * @param mode of the file
 */
export async function writeWhole(path: string, bytes: Buffer | string, mode = 0o600): Promise<void> {
  await whole(path, mode, async (write) => write(Buffer.from(bytes)));
}

/** Copies a file like that, in pieces. @returns the SHA-256 of what was copied */
export async function copyWhole(from: string, to: string, mode = 0o600): Promise<string> {
  const hash = createHash('sha256');
  await whole(to, mode, async (write) => {
    for await (const chunk of createReadStream(from)) {
      hash.update(chunk as Buffer);
      await write(chunk as Buffer);
    }
  });
  return hash.digest('hex');
}

async function whole(
  path: string,
  mode: number,
  fill: (write: (bytes: Buffer) => Promise<void>) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.new`;
  const handle = await open(temporary, 'w', mode);
  try {
    await fill((bytes) => handle.writeFile(bytes));
    await handle.datasync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  await rename(temporary, path);
}
