import { expect, it } from '@jest/globals';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';
import { openSmallApi } from '../../test/fixtures/small-api.js';

it('has the names of all cards in the very first answers', async () => {
  // No model is active: what a run is called stands on the cards of those that are installed.
  const api = await openSmallApi({ modelFolders: ['models'] });
  try {
    const atMs = Date.now() - 60_000;
    await seedRuns(api.catalog, [{ trapId: 'a', runId: 'r', atMs, label: 'hfly_episyr' }], false);
    const [{ items }, csv, { items: counts }] = await Promise.all([
      api.json('/api/v1/runs'),
      api.get('/api/v1/downloads/runs.csv').then((answer) => answer.text()),
      api.json('/api/v1/stats/counts?by=label'),
    ]);
    expect(items[0].observation.names).toEqual({ en: 'Marmalade hoverfly', de: 'Hainschwebfliege' });
    expect(csv).toContain('Hainschwebfliege');
    expect(counts[0].names.de).toBe('Hainschwebfliege');
  } finally {
    await api.close();
  }
});
