import type { RunFilterQuery } from '../run-query.js';
import { iso } from '../show.js';

/**
 * A filter as it would stand in a URL, with times in full; empty for everything. The same filter is the same text,
 * however it was written.
 */
export function filterText({ from, to, ...others }: RunFilterQuery): string {
  const text = new URLSearchParams();
  if (from !== undefined) text.set('from', iso(from));
  if (to !== undefined) text.set('to', iso(to));
  for (const [name, value] of Object.entries(others)) if (value !== undefined) text.set(name, String(value));
  text.sort();
  return text.toString();
}

/** What a download says of itself in its headers, where no parser of its content trips over it. */
export const factsOf = (filter: string, version: string): Record<string, string> => ({
  // nginx would take it faster than the client does, into memory and files of its own.
  'X-Accel-Buffering': 'no',
  'X-Trapline-Filter': filter || 'none',
  'X-Trapline-Version': version,
});
