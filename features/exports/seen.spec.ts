import { expect, it } from '@jest/globals';
import { observationTypeOf } from './cells.js';

const sure = { insect: true, unsure: false };

it.each([
  [
    'nothing where a run is not classified',
    { ...sure, label: null, insect: false },
    { type: 'unclassified' },
  ],
  [
    'no name where the verdict is unsure',
    { ...sure, label: 'fly', taxon: 'Diptera', unsure: true },
    { type: 'unknown' },
  ],
  [
    'no name where a person is unsure of a run without a label',
    { ...sure, label: null, unsure: true },
    { type: 'unknown' },
  ],
  [
    'its taxon',
    { ...sure, label: 'fly', taxon: 'Diptera', rank: 'order' },
    { type: 'animal', scientificName: 'Diptera', rank: 'order' },
  ],
  [
    'the taxon of what is no insect',
    { ...sure, insect: false, label: 'spider', taxon: 'Araneae' },
    { type: 'animal', scientificName: 'Araneae' },
  ],
  ['an animal without a name', { ...sure, label: 'other' }, { type: 'animal' }],
  [
    'a bird',
    { ...sure, insect: false, label: 'none_bird' },
    { type: 'animal', scientificName: 'Aves', rank: 'class' },
  ],
  ['a blank picture', { ...sure, insect: false, label: 'none_shadow' }, { type: 'blank' }],
  ['a blank picture', { ...sure, insect: false, label: 'background' }, { type: 'blank' }],
  [
    'something unknown where a person saw no insect',
    { ...sure, insect: false, label: 'not-insect' },
    { type: 'unknown' },
  ],
])('takes for seen %s', (_what, verdict, seen) => {
  expect(observationTypeOf(verdict)).toEqual(seen);
});
