import { describe, expect, it } from '@jest/globals';
import { factsOf, fileName, filterText } from './file-name.js';

const JUNE_1 = Date.UTC(2026, 5, 1);

describe('the name of a download', () => {
  it('holds what was asked for', () => {
    expect(fileName('runs', {}, 'csv')).toBe('trapline-runs.csv');
    const query = { trap: ['meadow-1'], from: JUNE_1, to: JUNE_1 + 30_600_000, insectsOnly: true };
    expect(fileName('images', query, 'zip')).toBe(
      'trapline-images_meadow-1_from-2026-06-01_to-2026-06-01T083000Z_insects-only.zip',
    );
    expect(fileName('runs', { minProbability: 0.5, unsure: false, reviewed: true }, 'csv')).toBe(
      'trapline-runs_min-0.5_sure_reviewed.csv',
    );
  });

  it('has only characters that headers, shells and disks take', () => {
    const name = fileName('runs', { taxon: 'Ä "x"; rm -rf / Bombus\n', label: 'a..b' }, 'csv');
    expect(name).toMatch(/^[\w.-]+$/);
    expect(fileName('runs', { taxon: 'a'.repeat(200) }, 'csv').length).toBeLessThan(160);
  });
});

describe('the filter of a download', () => {
  it('is the same text for the same filter', () => {
    const text = 'from=2026-06-01T00%3A00%3A00.000Z&insectsOnly=true&trap=t';
    expect(filterText({ trap: ['t'], insectsOnly: true, from: JUNE_1 })).toBe(text);
    expect(filterText({ from: JUNE_1, insectsOnly: true, trap: ['t'] })).toBe(text);
  });

  it('fits into a header, whatever was asked for', () => {
    const facts = factsOf(filterText({ taxon: 'Bläuling' }), '1');
    expect(facts['X-Trapline-Filter']).toMatch(/^[\x21-\x7e]+$/);
    expect(factsOf('', '1')['X-Trapline-Filter']).toBe('none');
  });
});
