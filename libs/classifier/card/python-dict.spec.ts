import { describe, expect, it } from '@jest/globals';
import { deriveLabels } from './derive-label.js';
import { parseNames } from './python-dict.js';

describe('class names in a Python dict', () => {
  it.each([
    [`{0: 'ant', 1: 'bee_apis'}`, ['ant', 'bee_apis']],
    [`{0: "bee's", 1: 'say "hi"', 2: 'it\\'s'}`, [`bee's`, `say "hi"`, `it's`]],
    [` { 0 : 'a, b: {c}' , 1:'K\\xe4fer' } `, ['a, b: {c}', 'Käfer']],
    [`{0: 'ant',}`, ['ant']],
  ])('are read: %s', (text, names) => {
    expect(parseNames(text)).toEqual(names);
  });

  it.each([`{}`, `['ant']`, `{1: 'ant'}`, `{0: ant}`, `{0: 'ant' 1: 'bee'}`, `{0: __import__('os')}`, ``])(
    'are not guessed from %s',
    (text) => {
      expect(parseNames(text)).toBeUndefined();
    },
  );
});

describe('labels from bare names', () => {
  it('are slugs, unique, and taxa where the name is a binomial', () => {
    const labels = deriveLabels(['Apis mellifera', 'none_bg', 'other', 'Käfer', 'Käfer!']);
    expect(labels.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'Apis_mellifera taxon',
      'none_bg non_insect',
      'other other',
      'Kafer taxon',
      'Kafer_2 taxon',
    ]);
    expect(labels[0]).toMatchObject({ taxon: 'Apis mellifera', rank: 'species' });
  });
});
