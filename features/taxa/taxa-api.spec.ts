import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openModel } from '../../libs/classifier/index.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { lockRun } from '../runs/index.js';

const NOW_MS = Date.UTC(2026, 5, 1, 8);
const RUN = { trapId: 'meadow-1', runId: 'run-1' };

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({ model: await openModel('models/demo'), modelFolders: ['models'] });
  await lockRun(api.catalog.db, RUN, NOW_MS);
  await updateRun(api.catalog.db, RUN, { at_ms: NOW_MS, stored_crops: 3 });
  await review({ verdict: 'relabel', taxon: 'Volucella zonaria', rank: 'species', group: 'hoverflies' });
  // The cards are read in the background.
  await api.json('/api/v1/taxa');
});
afterAll(() => api.close());

const review = (body: object) =>
  api.json(`/api/v1/runs/${RUN.trapId}/${RUN.runId}/review`, {
    as: 'editor',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('what people call it', () => {
  it('stands beside label and taxon of runs and reviews', async () => {
    const names = { en: 'Hornet hoverfly', de: 'Hornissenschwebfliege' };
    const [listed] = (await api.json('/api/v1/runs')).items;
    expect(listed.observation).toMatchObject({ label: 'Volucella_zonaria', names });
    expect(listed.reviews).toMatchObject([{ label: 'Volucella_zonaria', names }]);
    const full = await api.json(`/api/v1/runs/${RUN.trapId}/${RUN.runId}`);
    expect([full.observation.names, full.reviews[0].names]).toEqual([names, names]);
  });

  it('is left out where nobody has said', async () => {
    const { observation } = await review({ verdict: 'relabel', taxon: 'Nomada sp. 17', group: 'bees' });
    expect(observation).not.toHaveProperty('names');
  });

  it('stands in counts by label and by group, and in their table', async () => {
    await review({ verdict: 'relabel', label: 'drawn_hoverfly' });
    const { items } = await api.json('/api/v1/stats/counts?by=label');
    expect(items).toMatchObject([{ names: { en: 'Hoverfly (drawn)', de: 'Schwebfliege (gezeichnet)' } }]);
    expect((await api.json('/api/v1/stats/counts?by=group')).items).toMatchObject([
      { group: 'hoverflies', groupNames: { en: 'hoverflies', de: 'Schwebfliegen' } },
    ]);
    expect(await (await api.get('/api/v1/stats/counts.csv?by=label')).text()).toBe(
      'label,visits,crops,unsure,nameEn,nameDe\ndrawn_hoverfly,1,3,0,Hoverfly (drawn),Schwebfliege (gezeichnet)\n',
    );
    expect(await (await api.get('/api/v1/stats/counts.csv?by=group')).text()).toMatch(
      /^group,visits,crops,unsure\n/,
    );
  });

  it('stands last in the tables of runs and reviews, and in the lines of JSON', async () => {
    for (const table of ['runs', 'reviews']) {
      const lines = (await (await api.get(`/api/v1/downloads/${table}.csv`)).text()).trim().split('\n');
      expect(lines[0]).toMatch(/,nameEn,nameDe$/);
      expect(
        lines.slice(1).some((line) => line.endsWith(',Hoverfly (drawn),Schwebfliege (gezeichnet)')),
      ).toBe(true);
    }
    const objects = await (await api.get('/api/v1/downloads/runs.ndjson')).text();
    expect(JSON.parse(objects).observation.names.de).toBe('Schwebfliege (gezeichnet)');
  });
});

describe('GET /taxa', () => {
  it.each([
    ['q=hummel', { label: 'Bombus', taxon: 'Bombus', rank: 'genus', group: 'bees', active: false }],
    [
      'q=SCHWEBFLIEGE%20(gez',
      { label: 'drawn_hoverfly', active: true, names: { de: 'Schwebfliege (gezeichnet)' } },
    ],
    ['q=hornissensch', { label: 'Volucella_zonaria', used: 1, groupNames: { de: 'Schwebfliegen' } }],
    ['q=kafer%20(', { label: 'drawn_beetle', hasNote: true }],
  ])('%s finds it first', async (query, first) => {
    expect((await api.json(`/api/v1/taxa?${query}`)).items[0]).toMatchObject(first);
  });

  it('answers as many as are asked for, what people use first', async () => {
    const { items } = await api.json('/api/v1/taxa?limit=3');
    expect(items).toHaveLength(3);
    expect(items[0].used).toBeGreaterThan(0);
    expect((await api.json('/api/v1/taxa')).items).toHaveLength(20);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'q=', 'q=a&q=b', 'q=%00', 'query=x'])(
    'refuses ?%s',
    async (query) => {
      expect((await api.get(`/api/v1/taxa?${query}`)).status).toBe(400);
    },
  );
});

describe('GET /taxa/{label}', () => {
  it('knows a label of the active model, with a note and its source', async () => {
    expect(await api.json('/api/v1/taxa/drawn_ant')).toMatchObject({
      label: 'drawn_ant',
      kind: 'taxon',
      insect: true,
      models: ['demo-1'],
      note: { of: 'Formicidae', de: expect.stringMatching(/Ameisen/), source: { title: expect.any(String) } },
    });
  });

  it.each(['Volucella%20zonaria', 'Volucella_zonaria'])('knows what people named: %s', async (name) => {
    expect(await api.json(`/api/v1/taxa/${name}`)).toMatchObject({
      taxon: 'Volucella zonaria',
      rank: 'species',
    });
  });

  it('knows labels and lineages of cards whose model is not installed', async () => {
    expect(await api.json('/api/v1/taxa/Aglais_io')).toMatchObject({
      names: { de: 'Tagpfauenauge' },
      models: [],
      lineage: expect.arrayContaining([
        { rank: 'family', taxon: 'Nymphalidae', names: { en: 'Brush-footed butterfly', de: 'Edelfalter' } },
      ]),
    });
    expect(await api.json('/api/v1/taxa/Nymphalidae')).toMatchObject({ rank: 'family' });
    expect(await api.json('/api/v1/taxa/Zelus')).toMatchObject({
      rank: 'genus',
      note: { of: 'Hemiptera' },
    });
  });

  it('has no note where there is none, and says what nobody knows', async () => {
    expect((await api.json('/api/v1/taxa/none_background')).note).toBeNull();
    expect((await api.get('/api/v1/taxa/nothing-at-all')).status).toBe(404);
    expect((await api.get('/api/v1/taxa/a?x=1')).status).toBe(400);
  });
});
