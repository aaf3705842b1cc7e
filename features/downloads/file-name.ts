import { iso } from '../http/index.js';
import type { RunFilterQuery } from '../runs/index.js';

const NAME_CHARACTERS = 150;
const MIDNIGHT = 'T00:00:00.000Z';

/**
 * The name of a download: what it is and what was asked for, in characters that no system, shell or header minds:
 * `trapline-images_trap-7_from-2026-06-01_to-2026-07-01_insects-only.zip`.
 *
 * @param what such as `images`
 * @param ending without its dot
 */
export function fileName(what: string, query: RunFilterQuery, ending: string): string {
  const name = [`trapline-${what}`, ...filterWords(query)].join('_');
  return `${name.slice(0, NAME_CHARACTERS)}.${ending}`;
}

/** One word per filter, each a part of a file name. */
function filterWords(query: RunFilterQuery): string[] {
  const { trap, label, taxon, group, minProbability, status } = query;
  return [
    trap?.join(','),
    query.from !== undefined && token('from', timeToken(query.from)),
    query.to !== undefined && token('to', timeToken(query.to)),
    label,
    taxon,
    group,
    minProbability !== undefined && token('min', String(minProbability)),
    query.insectsOnly && 'insects-only',
    query.unsure !== undefined && (query.unsure ? 'unsure' : 'sure'),
    query.reviewed !== undefined && (query.reviewed ? 'reviewed' : 'unreviewed'),
    status,
    query.timeKnown !== undefined && (query.timeKnown ? 'time-known' : 'time-unknown'),
    query.model,
  ]
    .filter((given) => typeof given === 'string')
    .map((given) => given.replace(/[^\w.-]+/g, '-'));
}

const token = (name: string, value: string): string => `${name}-${value}`;

/** Days as days, other times without the colons that Windows refuses. */
function timeToken(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return iso.endsWith(MIDNIGHT) ? iso.slice(0, 10) : iso.replace(/[:.]/g, '').replace('000Z', 'Z');
}

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
