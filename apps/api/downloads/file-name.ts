import type { RunFilterQuery } from '../run-query.js';

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
    trap,
    query.from !== undefined && word('from', timeWord(query.from)),
    query.to !== undefined && word('to', timeWord(query.to)),
    label,
    taxon,
    group,
    minProbability !== undefined && word('min', String(minProbability)),
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

const word = (name: string, value: string): string => `${name}-${value}`;

/** Days as days, other times without the colons that Windows refuses. */
function timeWord(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return iso.endsWith(MIDNIGHT) ? iso.slice(0, 10) : iso.replace(/[:.]/g, '').replace('000Z', 'Z');
}
