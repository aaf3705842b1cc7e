import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ModelCard, parseCard } from '../../libs/classifier/card/card.js';
import { taxonomy } from '../../libs/classifier/index.js';
import { GROUP_NAMES, TAXON_NAMES } from './names.js';
import { NOTES } from './notes.js';
import { searchTaxa, type TaxonEntry, taxonEntries } from './search-taxa.js';
import { knownModel, TaxonIndex } from './taxon-index.js';

const cardOf = async (name: string): Promise<ModelCard> =>
  parseCard(JSON.parse(await readFile(`models/${name}/model.json`, 'utf8')));

let cards: Record<'demo' | 'meadow' | 'inat', ModelCard>;
let index: TaxonIndex;
beforeAll(async () => {
  cards = {
    demo: await cardOf('demo'),
    meadow: await cardOf('efficientnet-b0-insect-detect'),
    inat: await cardOf('inat-insects'),
  };
  index = new TaxonIndex(
    [cards.meadow, cards.inat, cards.demo].map((card) => knownModel(card, undefined, true)),
  );
});

const keyOf = ({ id, version }: ModelCard) => `${id}-${version}`;

describe('names', () => {
  it('are those of the card of the model that speaks', () => {
    expect(index.namesOf({ label: 'hfly_episyr', model: keyOf(cards.meadow) })).toEqual({
      en: 'Marmalade hoverfly',
      de: 'Hainschwebfliege',
    });
    const bee = { taxon: 'Apis mellifera' };
    expect(index.namesOf({ ...bee, label: 'bee_apis', model: keyOf(cards.meadow) })?.en).toBe(
      'Western honey bee',
    );
    expect(index.namesOf({ ...bee, label: 'Apis_mellifera', model: keyOf(cards.inat) })?.en).toBe(
      'Western Honey Bee',
    );
  });

  it('are those of the taxon where a verdict fell back to it', () => {
    const rolledUp = { label: 'hfly_episyr', taxon: 'Syrphidae', model: keyOf(cards.meadow) };
    expect(index.namesOf(rolledUp)).toEqual({ en: 'Hoverfly', de: 'Schwebfliege' });
    expect(index.namesOf({ ...rolledUp, taxon: 'Hymenoptera' })?.de).toBe('Hautflügler');
  });

  it('tell apart labels that are parts of one taxon', () => {
    const of = (label: string) =>
      index.namesOf({ label, taxon: 'Hymenoptera', model: keyOf(cards.meadow) })?.de;
    expect([of('bee'), of('wasp')]).toEqual(['Wildbiene', 'Wespe']);
  });

  it('of what people named come from any card, or from our list', () => {
    expect(index.namesOf({ label: 'Volucella_zonaria', taxon: 'Volucella zonaria' })?.de).toBe(
      'Hornissenschwebfliege',
    );
    expect(index.namesOf({ label: 'Volucella_zonaria' })?.de).toBe('Hornissenschwebfliege');
    expect(index.namesOf({ taxon: 'Aglais io' })?.de).toBe('Tagpfauenauge');
    expect(index.namesOf({ label: 'not-insect' })?.de).toBe('Kein Insekt');
  });

  it('are absent where nobody knows any, and never repeat the scientific name or the label', () => {
    for (const seen of [{ label: 'moth_17' }, { taxon: 'Nomada sp.' }, {}, { label: null, taxon: null }])
      expect(index.namesOf(seen)).toBeUndefined();
    expect(index.namesOf({ label: 'Syntomoides_imaon', model: keyOf(cards.inat) })).toBeUndefined();
  });
});

describe('the cards that come with the program', () => {
  it.each(['demo', 'meadow'] as const)('%s: every label has a name in both languages', (name) => {
    for (const { id, names } of cards[name].labels) {
      expect([id, names.de]).toEqual([id, expect.stringMatching(/^\p{Lu}/u)]);
      expect([id, names.en]).toEqual([id, expect.stringMatching(/^\p{Lu}/u)]);
    }
  });

  it('name their groups in both languages', () => {
    const groups = Object.values(cards).flatMap(({ labels }) => labels.flatMap(({ group }) => group ?? []));
    const ofTables = [...taxonomy().values()].flatMap(({ group }) => group ?? []);
    for (const group of new Set([...groups, ...ofTables]))
      expect([group, GROUP_NAMES[group]]).toEqual([
        group,
        { en: expect.any(String), de: expect.any(String) },
      ]);
  });

  it('inat-insects: at least 150 species have a German name, each its own', () => {
    const german = cards.inat.labels.flatMap(({ names }) => names.de ?? []);
    expect(german.length).toBeGreaterThanOrEqual(150);
    expect(new Set(german).size).toBe(german.length);
  });
});

describe('notes', () => {
  it('are short, in both languages, with a source, and true of one thing only once', () => {
    for (const { of, de, en, source } of NOTES) {
      for (const text of [de, en]) {
        expect([of, [...text].length <= 160]).toEqual([of, true]);
        expect(text).toMatch(/^[\p{Lu}].*[^ ]\.$/u);
      }
      expect(source.title.length).toBeGreaterThan(10);
      if (source.url !== undefined) expect(source.url).toMatch(/^https:\/\/doi\.org\/10\.\d{4,}\/\S+$/);
    }
    const all = NOTES.flatMap(({ of }) => of);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(['demo', 'meadow'] as const)('%s: every taxon has one', (name) => {
    for (const { id, taxon, kind } of cards[name].labels)
      if (kind === 'taxon')
        expect([id, index.noteOf({ label: id, taxon, model: keyOf(cards[name]) })?.de]).toEqual([
          id,
          expect.any(String),
        ]);
  });

  it('inat-insects: at least 60 European species have one of their own', () => {
    const taxa = new Set(cards.inat.labels.map(({ taxon }) => taxon));
    expect(NOTES.flatMap(({ of }) => of).filter((of) => taxa.has(of)).length).toBeGreaterThanOrEqual(60);
  });

  it('of a higher taxon are true of what stands below it, and of nothing else', () => {
    expect(index.noteOf({ taxon: 'Bombus lapidarius' })?.of[0]).toBe('Bombus');
    expect(index.noteOf({ label: 'drawn_bee' })?.of).toContain('drawn_bee');
    // A wild bee is no wasp, though both are Hymenoptera.
    expect(index.noteOf({ label: 'wasp', taxon: 'Hymenoptera' })?.of[0]).toBe('wasp');
    expect(index.noteOf({ taxon: 'Hymenoptera' })).toBeUndefined();
    expect(index.noteOf({ label: 'none_bg' })).toBeUndefined();
  });
});

describe('the search', () => {
  const USED = [
    {
      label: 'Volucella_zonaria',
      taxon: 'Volucella zonaria',
      rank: 'species',
      group: 'hoverflies',
      insect: true,
      times: 7,
    },
    { label: 'my_moth', taxon: undefined, rank: undefined, group: undefined, insect: true, times: 1 },
  ];
  let entries: TaxonEntry[];
  beforeAll(() => {
    entries = taxonEntries(index, keyOf(cards.meadow), USED);
  });
  const found = (query: string, limit = 5) => searchTaxa(entries, query, limit).map(({ label }) => label);

  it.each([
    ['hain', 'hfly_episyr'],
    ['Hainschwebfliege', 'hfly_episyr'],
    ['marmalade', 'hfly_episyr'],
    ['episyrphus b', 'hfly_episyr'],
    ['balteatus', 'hfly_episyr'],
    ['HFLY_EPI', 'hfly_episyr'],
    ['kafer', 'beetle'],
    ['kaefer', 'beetle'],
    ['KÄFER', 'beetle'],
    ['Ka\u0308fer', 'beetle'],
    ['tagpfauen', 'Aglais_io'],
    ['großer kohl', 'Pieris_brassicae'],
    ['grosser kohl', 'Pieris_brassicae'],
    ['hornissenschweb', 'Volucella_zonaria'],
    ['honey bee', 'bee_apis'],
    ['bee honey', 'bee_apis'],
    ['Steinhummel', 'Bombus_lapidarius'],
    ['my_m', 'my_moth'],
    ['kein insekt', 'not-insect'],
  ])('%s finds %s first', (query, label) => {
    expect(found(query)[0]).toBe(label);
  });

  it('finds German compounds by their second half, behind what has it as a word', () => {
    const labels = found('schwebfliege', 50);
    expect(labels.slice(0, 2)).toEqual(['hfly_syrphus', 'Syrphidae']);
    expect(labels).toEqual(expect.arrayContaining(['hfly_episyr', 'Volucella_zonaria', 'Syritta_pipiens']));
  });

  it('names one taxon once, as the active model has it, with the models that know it', () => {
    const bees = entries.filter(({ taxon }) => taxon === 'Apis mellifera');
    expect(bees).toMatchObject([
      { label: 'bee_apis', active: true, models: [keyOf(cards.meadow), keyOf(cards.inat)] },
    ]);
    expect(entries.filter(({ taxon }) => taxon === 'Hymenoptera').map(({ label }) => label)).toEqual([
      'bee',
      'wasp',
      'Hymenoptera',
    ]);
    expect(new Set(entries.map(({ label }) => label)).size).toBe(entries.length);
  });

  it('puts first what people have used most, where nothing is sought', () => {
    expect(found('', 3).slice(0, 2)).toEqual(['Volucella_zonaria', 'my_moth']);
    expect(searchTaxa(entries, '  ', 100)).toHaveLength(100);
  });

  it('finds nothing where there is nothing', () => {
    expect(found('xyzzy')).toEqual([]);
    expect(found('%_')).toEqual([]);
  });

  it('knows rank and group of our own taxa', () => {
    const of = (label: string) => entries.find((entry) => entry.label === label);
    expect(of('Bombus_lapidarius')).toMatchObject({ rank: 'species', group: 'bees', active: false });
    expect(of('Syrphidae')).toMatchObject({ rank: 'family', group: 'hoverflies' });
    expect(of('Araneae')).toMatchObject({ rank: 'order', kind: 'non_insect' });
    for (const taxon of Object.keys(TAXON_NAMES)) expect(taxon).toMatch(/^\p{Lu}\p{Ll}+( [\p{Ll}-]+){0,2}$/u);
  });
});
