import { expect, it } from '@jest/globals';
import { askedEpisode } from './asked-episode.js';

it.each([
  ['sim-1-003.butterflies.498878', { trapId: 'sim-1-003', group: 'butterflies', day: '2026-11-29' }],
  ['trap.with.points.all.0', { trapId: 'trap.with.points', group: 'all', day: '1970-01-01' }],
  ['meadow-1', undefined],
  ['meadow-1.moths.soon', undefined],
  [undefined, undefined],
])('the episode %s says where and when it began', (id, asked) => expect(askedEpisode(id)).toEqual(asked));
