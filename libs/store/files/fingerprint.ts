import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What the catalog keeps of the bytes: sha256 as 64 hex digits, crc32 as ZIP archives want it. */
export function fingerprint(bytes: Buffer): { readonly sha256: string; readonly crc32: number } {
  return { sha256: hash('sha256', bytes, 'hex'), crc32: crc32(bytes) };
}
