import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { namedCrop } from '../entry-names.js';

/** What the contract takes: JPEG, PNG, WebP. */
const SIGNATURES: readonly (readonly [at: number, bytes: string])[] = [
  [0, '\xff\xd8\xff'],
  [0, '\x89PNG\r\n\x1a\n'],
  [8, 'WEBP'],
];
const SIGNATURE_BYTES = 12;

/** Whether a file begins as a picture does. A power cut leaves zeros; a wrong program leaves anything. */
export async function isPicture(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0);
    const head = buffer.toString('latin1', 0, bytesRead);
    return SIGNATURES.some(([at, bytes]) => head.startsWith(bytes, at));
  } finally {
    await file.close();
  }
}

/** The files of one crop, in the order in which they are believed: that of the trap first, then its copies. */
export function byTrust(paths: readonly string[]): string[] {
  const rank = (path: string) => (namedCrop(basename(path))?.isCopy ? 1 : 0);
  return [...paths].sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1));
}

/** @throws anything but that there is no such file */
export function ifThere(error: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  return undefined;
}
