import { describe, expect, it } from '@jest/globals';
import { isIndexed } from './run-filter.repository.js';

describe('a filter of runs', () => {
  it.each([
    {},
    { fromMs: 1, toMs: 2 },
    { trapIds: ['t'], fromMs: 1 },
    { trapIds: ['t'], label: 'bee', toMs: 2 },
    { trapIds: ['t'], insectsOnly: true },
    { label: 'bee', insectsOnly: false },
    { group: 'bees', taxon: undefined },
    { unsure: true },
    { reviewed: true },
    { state: 'open' as const },
  ])('finds its pages by an index: %j', (filter) => expect(isIndexed(filter)).toBe(true));

  it.each([
    { minProbability: 0.9 },
    { trapIds: ['t'], minProbability: 0.9 },
    { unsure: false },
    { reviewed: false },
    { state: 'complete' as const },
    { trapIds: ['t'], taxon: 'Apis' },
    { label: 'bee', insectsOnly: true },
    { trapIds: ['t'], unsure: true },
    { firstSighting: true },
    { episodeId: 'e' },
    { attention: true },
  ])('may have to look for them: %j', (filter) => expect(isIndexed(filter)).toBe(false));
});
