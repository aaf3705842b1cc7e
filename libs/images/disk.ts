import { statfs } from 'node:fs/promises';

/** Bytes that a normal user may still write on the disk of this folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
