import type { Request } from 'express';
import { Problem } from './problem.js';

/** Bytes of a body, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const LAST_BYTES = /^bytes=\s*-(\d+)\s*$/i;

/**
 * The one range that a request asks for (RFC 9110, 14.2).
 *
 * @returns undefined where the whole is wanted, or several ranges, for which the whole is a right answer too
 * @throws Problem 416 where it lies beyond the end
 */
export function byteRangeOf(request: Request, size: number, etag: string): ByteRange | undefined {
  if (request.method !== 'GET' || request.headers.range === undefined) return undefined;
  // A client that goes on with other bytes than these must get the whole.
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etag) return undefined;
  const suffix = LAST_BYTES.exec(request.headers.range);
  // More last bytes than there are mean all of them (RFC 9110, 14.1.2); Express finds no such range.
  if (suffix && Number(suffix[1]) > size && size > 0) return { start: 0, end: size - 1 };
  const ranges = request.range(size);
  if (ranges === -1) {
    const headers = { 'Content-Range': `bytes */${size}` };
    throw new Problem(416, 'range-not-satisfiable', `There are ${size} bytes only.`, { headers });
  }
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

/** Not `request.fresh` of Express: with `no-cache`, which is said to caches, it would send the bytes again. */
export function hasCopy({ headers }: Request, etag: string): boolean {
  const known = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
