import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { type ModelLabel, parseCard } from './card.js';
import { completeLabel } from './derive-label.js';
import { CONTINENTS, readTable, taxonomy, taxonomyOf } from './taxonomy.js';

const TABLES = { orders: 'order', families: 'family', genera: 'genus', species: 'species' } as const;
const ABOVE = { families: 'orders', genera: 'families' } as const;
/** On the way from the class down to a species. */
const RANKS = ['class', 'order', 'family', 'genus', 'species'];

const cardOf = async (name: string) =>
  parseCard(JSON.parse(await readFile(`models/${name}/model.json`, 'utf8')));

describe('the tables in models/taxonomy', () => {
  it.each(Object.entries(TABLES))('%s: each has one row, in the order of the alphabet', (table, column) => {
    const taxa = readTable(table as keyof typeof TABLES).map((row) => row[column] as string);
    expect(taxa).toEqual([...new Set(taxa)].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('no genus stands in two families, and no family in two orders: each has one, which is in its table', () => {
    for (const [table, above] of Object.entries(ABOVE)) {
      const known = new Set(readTable(above).map((row) => row[TABLES[above]]));
      const [own, upper] = [TABLES[table as keyof typeof ABOVE], TABLES[above]];
      for (const row of readTable(table as keyof typeof ABOVE))
        expect([row[own], known.has(row[upper])]).toEqual([row[own], true]);
    }
    const genera = new Set(readTable('genera').map(({ genus }) => genus));
    for (const { species = '' } of readTable('species'))
      expect([species, genera.has(species.split(' ')[0])]).toEqual([species, true]);
  });

  it('write names as names are written', () => {
    for (const { order, class: above } of readTable('orders'))
      expect(`${order} ${above}`).toMatch(/^[A-Z][a-z]+ Insecta$/);
    for (const { family } of readTable('families')) expect(family).toMatch(/^[A-Z][a-z]+idae$/);
    for (const { genus } of readTable('genera')) expect(genus).toMatch(/^[A-Z][a-z]+$/);
    for (const { species } of readTable('species'))
      expect(species).toMatch(/^[A-Z][a-z]+( ([a-z]-)?[a-z]+(-[a-z]+)?){1,2}$/);
    for (const { taxon, names } of taxonomy().values())
      for (const name of Object.values(names)) {
        expect([taxon, name]).toEqual([taxon, expect.stringMatching(/^[\p{Lu}8].*\S$/u)]);
        expect([taxon, name]).not.toEqual([taxon, taxon]);
      }
  });

  it('give each family a group, and each species where it lives', () => {
    for (const { family, group } of readTable('families'))
      expect([family, group]).toEqual([family, expect.stringMatching(/^[a-z_]+$/)]);
    for (const { taxon, rank, continents } of taxonomy().values()) {
      if (rank === 'species' || rank === 'subspecies')
        expect([taxon, continents.length > 0]).toEqual([taxon, true]);
      expect([taxon, continents]).toEqual([taxon, CONTINENTS.filter((each) => continents.includes(each))]);
    }
  });
});

describe('the labels of the cards that come with the program', () => {
  it.each([
    ['inat-insects', 1021],
    ['efficientnet-b0-insect-detect', 22],
  ])(
    '%s: all %d taxa have class, order, group and continents, and agree with the tables',
    async (name, taxa) => {
      const labels = (await cardOf(name)).labels.filter(({ taxon }) => taxon !== undefined);
      expect(labels).toHaveLength(taxa);
      for (const label of labels) {
        expect(completeLabel(label)).toEqual(label);
        expect(label.lineage?.map(({ rank }) => rank).slice(0, RANKS.length)).toEqual(
          RANKS.slice(0, Math.max(2, RANKS.indexOf(label.rank as string) + 1 || RANKS.length)),
        );
        expect([label.id, label.group]).toEqual([label.id, expect.any(String)]);
        expect([label.id, label.continents]).toEqual([label.id, expect.any(Array)]);
      }
    },
  );

  it('none lacks order and family, no genus stands in two families, no family in two orders or two groups', async () => {
    const familyOf = new Map<string, string>();
    const orderOf = new Map<string, string>();
    const groupOf = new Map<string, string>();
    const expectOne = (found: Map<string, string>, taxon: string, above: string) => {
      expect([taxon, found.get(taxon) ?? above]).toEqual([taxon, above]);
      found.set(taxon, above);
    };
    for (const name of ['inat-insects', 'efficientnet-b0-insect-detect'])
      for (const label of (await cardOf(name)).labels) {
        if (label.rank === undefined || label.rank === 'order') continue;
        const of = (rank: string) => label.lineage?.find((step) => step.rank === rank)?.taxon;
        const [order, family, genus] = [of('order'), of('family'), of('genus')];
        expect([label.id, order, family]).toEqual([label.id, expect.any(String), expect.any(String)]);
        expectOne(orderOf, family as string, order as string);
        expectOne(groupOf, family as string, label.group as string);
        if (genus !== undefined) expectOne(familyOf, genus, family as string);
      }
    expect(familyOf.size).toBeGreaterThan(670);
  });
});

describe('what is known of a taxon', () => {
  it('is its lineage, group, names and continents', () => {
    expect(taxonomyOf('Episyrphus balteatus')).toEqual({
      taxon: 'Episyrphus balteatus',
      rank: 'species',
      lineage: [
        { rank: 'class', taxon: 'Insecta' },
        { rank: 'order', taxon: 'Diptera' },
        { rank: 'family', taxon: 'Syrphidae' },
        { rank: 'genus', taxon: 'Episyrphus' },
        { rank: 'species', taxon: 'Episyrphus balteatus' },
      ],
      group: 'hoverflies',
      names: { en: 'Marmalade hoverfly', de: 'Hainschwebfliege' },
      continents: ['Africa', 'Asia', 'Europe'],
    });
    expect(taxonomyOf('Sphingidae')).toMatchObject({ rank: 'family', group: 'moths' });
    expect(taxonomyOf('Odonata')).toMatchObject({ rank: 'order', group: 'dragonflies' });
  });

  it('is that of the genus for species that are not listed, and nothing for what is unknown', () => {
    expect(taxonomyOf('Bombus ruderarius')).toMatchObject({ rank: 'species', group: 'bees', continents: [] });
    expect(taxonomyOf('Bombus ruderarius simulatilis')?.lineage.map(({ rank }) => rank)).toEqual([
      ...RANKS,
      'subspecies',
    ]);
    for (const unknown of ['Homo sapiens', 'Bombus sp.', 'Bombus a b c', 'bee', '', ' '])
      expect(taxonomyOf(unknown)).toBeUndefined();
  });

  it('goes into a label, whose own name and group stay where it stands for a part of its taxon', () => {
    const bee: ModelLabel = {
      index: 1,
      id: 'bee',
      taxon: 'Hymenoptera',
      group: 'bees',
      names: { en: 'Wild bee' },
      kind: 'taxon',
    };
    expect(completeLabel(bee)).toMatchObject({ rank: 'order', group: 'bees', names: { en: 'Wild bee' } });
    const fly: ModelLabel = {
      index: 0,
      id: 'Musca_domestica',
      taxon: 'Musca domestica',
      names: { en: 'x' },
      kind: 'taxon',
    };
    expect(completeLabel(fly)).toMatchObject({
      group: 'flies',
      names: { en: 'Housefly', de: 'Stubenfliege' },
    });
  });
});
