import { expect, it } from '@jest/globals';
import { firstSightings, type Sighting, sightedTaxon } from './first-sightings.js';

const seen = (runId: string, day: string, taxon = 'Apis mellifera'): Sighting => ({
  runId,
  taxon,
  atMs: Date.parse(`${day}T12:00:00Z`),
  year: Number(day.slice(0, 4)),
});

it.each([
  ['Apis mellifera', 'species', 'Apis mellifera'],
  ['Apis mellifera carnica', 'subspecies', 'Apis mellifera'],
  ['Nomada goodeniana (Kirby, 1802)', 'species', 'Nomada goodeniana'],
  ['Bombus (Pyrobombus) pratorum', 'species', 'Bombus pratorum'],
  ['Nomada Scopoli, 1770', 'genus', 'Nomada'],
  ['Apis mellifera', null, 'Apis mellifera'],
  ['Apidae', 'family', undefined],
  ['Apidae', null, undefined],
  [null, null, undefined],
])('%s (%s) is a sighting of %s', (taxon, rank, sighted) => expect(sightedTaxon(taxon, rank)).toBe(sighted));

it('are the first ever, of a year, and after an absence', () => {
  const all = ['2025-06-01', '2025-06-02', '2026-05-01', '2026-06-30', '2026-09-01'];
  const firsts = firstSightings(
    'Apis mellifera',
    all.map((day, i) => seen(`r${i}`, day)),
  );
  expect(firsts.map(({ runId, kind }) => [runId, kind])).toEqual([
    ['r0', 'ever'],
    ['r2', 'season'],
    ['r4', 'return'],
  ]);
});

it('of a genus are none where one of its species was seen before', () => {
  const both = [seen('a', '2026-06-01'), seen('b', '2026-06-02', 'Apis')];
  expect(firstSightings('Apis', both)).toEqual([]);
  expect(firstSightings('Apis', both.toReversed())).toMatchObject([{ runId: 'b', kind: 'ever' }]);
});
