import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { parseCard } from '../../libs/classifier/card/card.js';
import { namedMessage } from './named-message.js';
import { knownModel, TaxonIndex } from './taxon-index.js';

const card = parseCard(JSON.parse(await readFile('models/efficientnet-b0-insect-detect/model.json', 'utf8')));
const index = new TaxonIndex([knownModel(card, undefined, true)]);
const named = (topic: string, message: object) =>
  JSON.parse(namedMessage(topic, JSON.stringify(message), index));

it.each(['traps/v1/t/last', 'traps/v1/t/runs/r-1/result'])('%s has the names of its label', (topic) => {
  expect(
    named(topic, { v: 1, label: 'hfly_episyr', taxon: 'Episyrphus balteatus', model: 'x' }),
  ).toMatchObject({
    v: 1,
    label: 'hfly_episyr',
    names: { en: 'Marmalade hoverfly', de: 'Hainschwebfliege' },
  });
  expect(named(topic, { label: 'moth_17' })).toEqual({ label: 'moth_17' });
});

it.each([
  ['ever', {}, 'Seen here for the first time: Hornet hoverfly (Volucella zonaria).'],
  ['season', {}, 'Seen for the first time this season: Hornet hoverfly (Volucella zonaria).'],
  [
    'return',
    { lastBefore: '2026-03-01T12:00:00Z' },
    'Seen again after 92 days: Hornet hoverfly (Volucella zonaria).',
  ],
  [
    'ever',
    { state: 'withdrawn' },
    'Withdrawn: this was no first sighting of Hornet hoverfly (Volucella zonaria).',
  ],
])('a first sighting of the kind %s %j has a sentence in both languages', (kind, more, en) => {
  const { text } = named('alerts/v1/first-sighting', {
    kind,
    state: 'opened',
    taxon: 'Volucella zonaria',
    start: '2026-06-01T12:00:00Z',
    ...more,
  });
  expect(text.en).toBe(en);
  expect(text.de).toMatch(/Hornissenschwebfliege \(Volucella zonaria\)\.$/);
});

it('leaves alone what is for traps, what clears a topic, and what has its text already', () => {
  const receipt = '{"v":1,"state":"complete","label":"hfly_episyr"}';
  expect(namedMessage('traps/v1/t/runs/r/receipt', receipt, index)).toBe(receipt);
  expect(namedMessage('traps/v1/t/last', '', index)).toBe('');
  const episode = '{"id":"e","group":"bees","text":{"en":"Unusually many bees"}}';
  expect(namedMessage('alerts/v1/activity', episode, index)).toBe(episode);
});
