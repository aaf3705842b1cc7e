import { DAY_MS } from '../../libs/domain/index.js';
import type { Names } from './names.js';
import type { TaxonIndex } from './taxon-index.js';

/** The messages that people read: a run's result, a trap's newest one, and what is announced. */
const READ_BY_PEOPLE = /^traps\/v1\/[^/]+\/(?:last|runs\/[^/]+\/result)$|^alerts\/v1\//;

interface Message {
  readonly label?: string;
  readonly taxon?: string;
  readonly model?: string;
  readonly names?: Names;
  readonly kind?: 'ever' | 'season' | 'return';
  readonly state?: string;
  readonly start?: string;
  readonly lastBefore?: string;
}

/**
 * The payload with what people call the label or taxon in it, and with a sentence where it announces a first sighting.
 * Added when a message goes out, so that what waits, and what brokers are told again, has the names of today.
 *
 * @returns the same payload where there is nothing to add
 */
export function namedMessage(topic: string, payload: string, index: TaxonIndex): string {
  if (payload === '' || !READ_BY_PEOPLE.test(topic)) return payload;
  const message = JSON.parse(payload) as Message;
  const names = index.namesOf(message);
  const text =
    message.kind && message.taxon !== undefined ? sightingText(message, message.taxon, names) : undefined;
  if (!names && !text) return payload;
  return JSON.stringify({ ...message, ...(names && { names }), ...(text && { text }) });
}

function sightingText({ kind, state, start, lastBefore }: Message, taxon: string, names: Names | undefined) {
  const of = (name: string | undefined) => (name === undefined ? taxon : `${name} (${taxon})`);
  const [en, de] = [of(names?.en), of(names?.de)];
  if (state === 'withdrawn')
    return {
      en: `Withdrawn: this was no first sighting of ${en}.`,
      de: `Zurückgezogen: Dies war keine Erstsichtung von ${de}.`,
    };
  const days = Math.floor((Date.parse(start ?? '') - Date.parse(lastBefore ?? '')) / DAY_MS);
  if (kind === 'return' && days > 0)
    return { en: `Seen again after ${days} days: ${en}.`, de: `Nach ${days} Tagen wieder gesehen: ${de}.` };
  return kind === 'ever'
    ? { en: `Seen here for the first time: ${en}.`, de: `Zum ersten Mal hier gesehen: ${de}.` }
    : {
        en: `Seen for the first time this season: ${en}.`,
        de: `Zum ersten Mal in dieser Saison gesehen: ${de}.`,
      };
}
