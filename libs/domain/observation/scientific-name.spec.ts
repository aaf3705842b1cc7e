import { describe, expect, it } from '@jest/globals';
import { isScientificName, splitName, splitQualifier } from './scientific-name.js';

describe('a scientific name', () => {
  it.each([
    ['Nomada goodeniana (Kirby, 1802)', 'Nomada goodeniana', '(Kirby, 1802)'],
    ['Apis mellifera Linnaeus, 1758', 'Apis mellifera', 'Linnaeus, 1758'],
    ['Apis mellifera L.', 'Apis mellifera', 'L.'],
    ['Apis mellifera carnica Pollmann, 1879', 'Apis mellifera carnica', 'Pollmann, 1879'],
    ['Bombus (Bombus) terrestris (Linnaeus, 1758)', 'Bombus (Bombus) terrestris', '(Linnaeus, 1758)'],
    ['Osmia (Osmia) cornuta (Latreille, 1805)', 'Osmia (Osmia) cornuta', '(Latreille, 1805)'],
    ['Ropalidia guttatipennis van der Vecht, 1962', 'Ropalidia guttatipennis', 'van der Vecht, 1962'],
    ["Morpho rhetenor d'Orbigny, 1837", 'Morpho rhetenor', "d'Orbigny, 1837"],
    ['Andrena fulva (Müller, 1766)', 'Andrena fulva', '(Müller, 1766)'],
    ['Lasioglossum glabriusculum (Morawitz, 1872)', 'Lasioglossum glabriusculum', '(Morawitz, 1872)'],
    ['Meloe proscarabaeus Brandt & Erichson, 1832', 'Meloe proscarabaeus', 'Brandt & Erichson, 1832'],
    ['Apidae Latreille, 1802', 'Apidae', 'Latreille, 1802'],
    ['Nomada Scopoli, 1770', 'Nomada', 'Scopoli, 1770'],
    ['Apis (Linnaeus, 1758)', 'Apis', '(Linnaeus, 1758)'],
  ])('%s is told from its authorship', (text, name, authorship) => {
    expect(splitName(text)).toEqual({ name, authorship });
    expect(isScientificName(text)).toBe(true);
  });

  it.each([
    'Volucella zonaria',
    'Bombus (Bombus) terrestris',
    'Bombus (Bombus)',
    'Bombus cf. terrestris',
    'Bombus terrestris agg.',
    'Nomada sp.',
    'Andrena sp. A',
    'Lasioglossum (Dialictus) sp. FL-12',
    'Sphecodes spp.',
    'Bombus terrestris × Bombus lucorum',
    'Bombus terrestris × lucorum',
    '× Amelasorbus',
    'Polygonia c-album',
    'Coccinella 7-punctata',
    'Hymenoptera',
    'Melanargia galathea f. leucomelas',
    'Honey Bee',
  ])('%s has none', (text) => {
    expect(splitName(text)).toEqual({ name: text });
    expect(isScientificName(text)).toBe(true);
  });

  it('is the same whatever its spaces, its hybrid sign and the form of its letters', () => {
    expect(splitName('  Bombus  terrestris x  lucorum ').name).toBe('Bombus terrestris × lucorum');
    expect(splitName('Andrena fulva (Mu\u0308ller, 1766)').authorship).toBe('(Müller, 1766)');
  });

  it.each(['apis mellifera', '=cmd()', 'A', '7-punctata', 'Apis\nmellifera', 'Apis <b>'])(
    'is not %j',
    (text) => {
      expect(isScientificName(text)).toBe(false);
    },
  );

  it.each([
    ['Bombus cf. terrestris', 'Bombus', 'cf. terrestris'],
    ['Nomada sp.', 'Nomada', 'sp.'],
    ['Andrena sp. A', 'Andrena', 'sp. A'],
    ['Bombus terrestris', 'Bombus terrestris', undefined],
    ['Bombus terrestris agg.', 'Bombus terrestris agg.', undefined],
  ])('%s is certain as far as %s', (text, certain, qualifier) => {
    expect(splitQualifier(text)).toEqual(qualifier === undefined ? { certain } : { certain, qualifier });
  });
});
