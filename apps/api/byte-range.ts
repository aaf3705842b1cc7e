import type { Request } from 'express';
import { Problem } from './problem.js';

/** Bytes of a body, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

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
  const ranges = request.range(size);
  if (ranges === -1) {
    const headers = { 'Content-Range': `bytes */${size}` };
    throw new Problem(416, 'range-not-satisfiable', `There are ${size} bytes only.`, { headers });
  }
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}
