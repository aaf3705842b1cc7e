import type { Request } from 'express';

/** What of an archive a request asks for, as far as it decides which snapshot it gets. */
export type RangeRequest =
  | { readonly is: 'whole' }
  /** What follows byte `from`, which is not 0: the client has those before it. */
  | { readonly is: 'rest'; readonly from: number }
  /** Any other part: the client looks into the archive. */
  | { readonly is: 'part' }
  /** The client names the snapshot that it has a part of. */
  | { readonly is: 'tagged'; readonly tag: string };

const REST = /^bytes=\s*(\d+)-\s*$/i;

export function rangeRequestOf({ method, headers }: Pick<Request, 'method' | 'headers'>): RangeRequest {
  const { range } = headers;
  if (method !== 'GET' || range === undefined) return { is: 'whole' };
  const condition = headers['if-range'];
  if (typeof condition === 'string') return { is: 'tagged', tag: condition };
  const from = REST.exec(range)?.[1];
  if (from === undefined) return { is: 'part' };
  return Number(from) > 0 ? { is: 'rest', from: Number(from) } : { is: 'whole' };
}
