import type { Request } from 'express';

/** Not `request.fresh` of Express: with `no-cache`, which is said to caches, it would send the bytes again. */
export function hasCopy({ headers }: Request, etag: string): boolean {
  const known = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
