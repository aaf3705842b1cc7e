import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseCard } from '../../libs/classifier/card/card.js';
import { type ModelPackage, modelKey } from '../../libs/classifier/index.js';
import { JUNE_1, MODEL, observeRun, putCrops } from '../../test/fixtures/filled-api.js';
import { type Key, openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';

let api: SmallApi;
let number = 0;
let run: { trapId: string; runId: string };
let path: string;

beforeAll(async () => {
  api = await openSmallApi({ model: await threeLabels() });
});
afterAll(() => api.close());

/** A model with a honeybee, a wasp and birds. */
async function threeLabels(): Promise<ModelPackage> {
  const folder = 'models/mobilenet-v1-0.25-128';
  const labels = ['honeybee', 'wasp', 'none_bird'].map((id, index) => ({
    index,
    id,
    names: { en: id },
    ...(id === 'wasp' && { taxon: 'Vespula vulgaris', rank: 'species', group: 'wasps' }),
    kind: id === 'none_bird' ? 'non_insect' : 'taxon',
  }));
  const card = parseCard({ ...JSON.parse(await readFile(`${folder}/model.json`, 'utf8')), labels });
  return { card, folder, modelPath: `${folder}/${card.file.path}`, key: modelKey(card) };
}

beforeEach(async () => {
  number += 1;
  run = { trapId: 'meadow-1', runId: `run-${number}` };
  path = `/api/v1/runs/meadow-1/run-${number}`;
  await putCrops(api.catalog, api.dataDir, run, ['0001'], JUNE_1 + number * 1000);
  await observeRun(api.catalog, run, 'honeybee');
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
  readonly body: any;
}

async function send(method: string, to: string, body: unknown, as: Key = 'editor'): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await api.get(to, {
    as,
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers }),
  });
  return { status: answer.status, body: await answer.json() };
}
const review = (body: unknown, as?: Key) => send('POST', `${path}/review`, body, as);
const undo = (query = '') => send('DELETE', `${path}/review${query}`, undefined);
const listed = async (query: string) =>
  (await api.json(`/api/v1/runs${query}`)).items.map(({ runId }: { runId: string }) => runId);

describe('a review', () => {
  it('overrules the model, and both stay to be seen', async () => {
    const { status, body } = await review({ verdict: 'relabel', label: 'wasp', comment: ' No pollen. ' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      reviewed: true,
      observation: {
        label: 'wasp',
        taxon: 'Vespula vulgaris',
        rank: 'species',
        group: 'wasps',
        probability: 1,
        top1Crops: null,
        model: MODEL,
        revision: 2,
      },
      modelObservation: { label: 'honeybee', taxon: 'Apis mellifera', probability: 0.9, top1Crops: 2 },
      reviews: [
        {
          id: 1,
          verdict: 'relabel',
          label: 'wasp',
          comment: 'No pollen.',
          by: 'editor',
          byKind: 'key',
          model: MODEL,
          modelLabel: 'honeybee',
          decides: true,
          takenBack: false,
        },
      ],
    });
    expect(await api.json(path, { as: 'editor' })).toMatchObject(body);
  });

  it('is what the list is narrowed by', async () => {
    await review({ verdict: 'relabel', taxon: 'Volucella  zonaria ', rank: 'species', group: 'hoverflies' });
    for (const filter of ['label=Volucella_zonaria', 'taxon=Volucella%20zonaria', 'group=hoverflies'])
      expect(await listed(`?${filter}`)).toEqual([run.runId]);
    expect(await listed('?label=honeybee')).not.toContain(run.runId);
    expect(await listed('?reviewed=true&minProbability=1')).toContain(run.runId);
    expect(await listed('?reviewed=false')).not.toContain(run.runId);
    const { items } = await api.json('/api/v1/runs?label=Volucella_zonaria');
    expect(items[0]).toMatchObject({ reviewed: true, reviews: [{ verdict: 'relabel', decides: true }] });
  });

  it('may say that the model is right, that it is no insect, and that nobody can tell', async () => {
    expect((await review({ verdict: 'agree', label: 'honeybee' })).body.observation).toMatchObject({
      label: 'honeybee',
      taxon: 'Apis mellifera',
      probability: 1,
    });
    expect((await review({ verdict: 'not-insect' })).body.observation).toMatchObject({
      label: 'not-insect',
      insect: false,
    });
    expect(await listed('?insectsOnly=true')).not.toContain(run.runId);
    expect((await review({ verdict: 'unsure' })).body.observation).toMatchObject({
      label: 'honeybee',
      probability: 0.9,
      unsure: true,
    });
    expect(await listed('?unsure=true')).toEqual([run.runId]);
  });

  it('is said once, however often it is sent', async () => {
    const said = { verdict: 'relabel', label: 'wasp' };
    expect((await review(said)).status).toBe(201);
    const again = await review(said);
    expect(again.status).toBe(200);
    expect(again.body.reviews).toHaveLength(1);
    expect(again.body.observation.revision).toBe(2);
    expect((await review({ ...said, comment: 'Sure.' })).body.reviews).toHaveLength(2);
    expect((await review(said, 'admin')).body.reviews).toHaveLength(3);
  });

  it('of a run that no model has observed is its only verdict', async () => {
    await api.catalog.db.deleteFrom('observations').where('run_id', '=', run.runId).execute();
    await api.catalog.db
      .updateTable('runs')
      .set({ model: null, label: null, insect: null, unsure: null })
      .where('run_id', '=', run.runId)
      .execute();
    expect((await review({ verdict: 'agree' })).status).toBe(409);
    const { body } = await review({ verdict: 'relabel', label: 'wasp' });
    expect(body).toMatchObject({
      observation: { label: 'wasp', model: null, crops: null, final: true },
      modelObservation: null,
    });
    expect((await undo()).body).toMatchObject({ observation: null, reviewed: false });
    expect((await review({ verdict: 'unsure' })).body).toMatchObject({ observation: null, reviewed: true });
  });

  it('is refused with what is wrong, field by field', async () => {
    const wrong: [unknown, string[]][] = [
      [{}, ['verdict']],
      [{ verdict: 'maybe', label: 'wasp' }, ['verdict']],
      [{ verdict: 'relabel' }, ['label']],
      [{ verdict: 'relabel', label: 'moth' }, ['label']],
      [{ verdict: 'relabel', label: 'wasp', taxon: 'Vespula' }, ['taxon']],
      [{ verdict: 'relabel', label: 'wasp', rank: 'species' }, ['rank']],
      [{ verdict: 'relabel', taxon: 'vespula' }, ['taxon']],
      [{ verdict: 'relabel', taxon: '=HYPERLINK("x")' }, ['taxon']],
      [{ verdict: 'relabel', taxon: 'Vespula', rank: 'SPECIES', group: 'a b' }, ['rank', 'group']],
      [{ verdict: 'not-insect', label: 'none_bird' }, ['label']],
      [{ verdict: 'unsure', taxon: 'Vespula' }, ['taxon']],
      [{ verdict: 'agree', review: 1 }, ['review']],
      [{ verdict: 'undo', review: 0 }, ['review']],
      [{ verdict: 'unsure', comment: 'a\u0000b' }, ['comment']],
      [{ verdict: 'unsure', comment: '\ud800' }, ['comment']],
      [{ verdict: 'unsure', comment: 'x'.repeat(2001) }, ['comment']],
      [{ verdict: 'unsure', coment: 'x' }, ['coment']],
    ];
    for (const [body, fields] of wrong) {
      const answer = await review(body);
      expect([body, answer.status]).toEqual([body, 400]);
      expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    }
    for (const body of [null, [], 'agree', undefined]) expect((await review(body)).status).toBe(400);
    expect(await api.json(path)).toMatchObject({ reviewed: false, reviews: [] });
  });

  it('that agrees with what the model no longer says is refused', async () => {
    const { status, body } = await review({ verdict: 'agree', label: 'wasp' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'urn:trapline:problem:conflict', errors: [{ field: 'label' }] });
  });

  it('needs an editor, and a run that is known', async () => {
    for (const [as, status] of [
      ['none', 401],
      ['device', 403],
      ['viewer', 403],
      ['admin', 201],
    ] as const)
      expect((await review({ verdict: 'unsure' }, as)).status).toBe(status);
    expect((await send('DELETE', `${path}/review`, undefined, 'viewer')).status).toBe(403);
    expect((await send('POST', '/api/v1/runs/meadow-1/none/review', { verdict: 'unsure' })).status).toBe(404);
    expect((await send('DELETE', '/api/v1/runs/meadow-1/none/review', undefined)).status).toBe(404);
    expect(
      await api.catalog.reader.selectFrom('runs').selectAll().where('run_id', '=', 'none').execute(),
    ).toEqual([]);
  });

  it('shows its comment to editors only, since it may tell a place', async () => {
    await review({ verdict: 'unsure', comment: 'Behind the barn at 47.12345.' });
    expect(await (await api.get(path)).text()).not.toContain('47.12345');
    expect(await (await api.get('/api/v1/runs')).text()).not.toContain('47.12345');
    expect(await (await api.get(path, { as: 'editor' })).text()).toContain('47.12345');
  });
});

describe('taking a review back', () => {
  it('lets the one before decide again, and is a row of the history itself', async () => {
    await review({ verdict: 'relabel', label: 'wasp' });
    await review({ verdict: 'relabel', label: 'none_bird' }, 'admin');
    const { status, body } = await undo();
    expect(status).toBe(200);
    expect(body.observation).toMatchObject({ label: 'wasp', insect: true, revision: 4 });
    expect(
      body.reviews.map((each: Record<string, unknown>) => [
        each['verdict'],
        each['by'],
        each['decides'],
        each['undoes'],
      ]),
    ).toEqual([
      ['relabel', 'editor', true, undefined],
      ['relabel', 'admin', false, undefined],
      ['undo', 'editor', false, 2],
    ]);
    expect(body.reviews[1].takenBack).toBe(true);
  });

  it('of the last one gives the model its word back', async () => {
    await review({ verdict: 'not-insect' });
    const { body } = await review({ verdict: 'undo', comment: 'It has wings.' });
    expect(body).toMatchObject({
      reviewed: false,
      observation: { label: 'honeybee', probability: 0.9, top1Crops: 2, revision: 3 },
    });
    expect(body.reviews[1].comment).toBe('It has wings.');
  });

  it('takes the one that is named, once', async () => {
    await review({ verdict: 'relabel', label: 'wasp' });
    await review({ verdict: 'relabel', label: 'none_bird' });
    expect((await undo('?review=1')).body.observation.label).toBe('none_bird');
    expect((await undo('?review=1')).body.reviews).toHaveLength(3);
    expect((await review({ verdict: 'undo', review: 1 })).status).toBe(200);
  });

  it('is refused where there is nothing to take back', async () => {
    expect((await undo()).status).toBe(409);
    expect((await undo('?review=1')).body.errors).toEqual([
      { field: 'review', message: 'is not a review of this run' },
    ]);
    await review({ verdict: 'unsure' });
    await undo();
    expect((await undo()).status).toBe(409);
    expect((await undo('?review=2')).status).toBe(400);
    expect((await undo('?review=x')).status).toBe(400);
  });
});

describe('the agreement of model and people', () => {
  it('counts of each reviewed run the review that decides', async () => {
    const trap = 'stats-1';
    const judge = async (id: string, label: string, body: object, insect = true) => {
      const judged = { trapId: trap, runId: id };
      await putCrops(api.catalog, api.dataDir, judged, ['1'], JUNE_1);
      await observeRun(api.catalog, judged, label, insect);
      await send('POST', `/api/v1/runs/${trap}/${id}/review`, body);
    };
    await judge('a', 'honeybee', { verdict: 'agree' });
    await judge('b', 'honeybee', { verdict: 'agree' });
    await judge('c', 'honeybee', { verdict: 'relabel', label: 'wasp' });
    await judge('d', 'wasp', { verdict: 'agree' });
    await judge('e', 'none_bird', { verdict: 'not-insect' }, false);
    await judge('f', 'wasp', { verdict: 'not-insect' });
    await judge('g', 'wasp', { verdict: 'unsure' });
    await judge('h', 'honeybee', { verdict: 'relabel', label: 'wasp' });
    await send('DELETE', `/api/v1/runs/${trap}/h/review`, undefined);
    await judge('i', 'honeybee', { verdict: 'unsure' });
    await send('POST', `/api/v1/runs/${trap}/i/review`, { verdict: 'relabel', label: 'honeybee' }, 'admin');
    const answer = await api.json(`/api/v1/stats/agreement?trap=${trap}`);
    expect(answer).toMatchObject({ model: null, n: 7, agreed: 5, unsure: 1 });
    // p_o = 5/7; p_e = (honeybee 4 · 3 + wasp 2 · 2 + none_bird 1 · 1 + not-insect 0 · 1) / 49 = 17/49
    expect(answer.kappa).toBeCloseTo((35 - 17) / (49 - 17), 12);
    expect(answer.labels).toContainEqual(
      expect.objectContaining({
        label: 'honeybee',
        byModel: 4,
        byPeople: 3,
        agreed: 3,
        precision: 0.75,
        recall: 1,
      }),
    );
    expect(answer.labels).toContainEqual(
      expect.objectContaining({ label: 'not-insect', byModel: 0, byPeople: 1, precision: null, recall: 0 }),
    );
    expect(answer.confusions).toEqual([
      { model: 'honeybee', people: 'wasp', runs: 1 },
      { model: 'wasp', people: 'not-insect', runs: 1 },
    ]);
    expect(await api.json(`/api/v1/stats/agreement?trap=${trap}&model=${MODEL}`)).toMatchObject({ n: 7 });
    expect(await api.json(`/api/v1/stats/agreement?trap=${trap}&model=none-1`)).toEqual({
      model: 'none-1',
      n: 0,
      agreed: 0,
      kappa: null,
      unsure: 0,
      labels: [],
      confusions: [],
    });
  });
});

describe('the tables', () => {
  const table = async (to: string, as: Key = 'viewer') => {
    const answer = await api.get(to, { as });
    expect([to, answer.status, answer.headers.get('content-type')]).toEqual([
      to,
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    const [head = '', ...lines] = (await answer.text()).trimEnd().split('\n');
    const rows = lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, i) => [head.split(',')[i], cell])),
    );
    return { name: answer.headers.get('content-disposition'), head, rows };
  };

  it('of reviews hold every row of the history, and say which decides', async () => {
    await review({ verdict: 'relabel', label: 'wasp', comment: '=SUM(A1)' });
    await review({ verdict: 'relabel', taxon: 'Volucella zonaria', rank: 'species' }, 'admin');
    await review({ verdict: 'undo' });
    const query = `from=${new Date(JUNE_1 + number * 1000).toISOString()}`;
    const { head, rows, name } = await table(`/api/v1/downloads/reviews.csv?${query}`, 'editor');
    expect(name).toMatch(/^attachment; filename="trapline-reviews_from-2026-06-01T[\dZ]+\.csv"$/);
    expect(head).toBe(
      'trapId,runId,runStart,review,at,by,byKind,verdict,label,taxon,rank,group,insect,undoes,decides,takenBack,comment,model,modelLabel,link,nameEn,nameDe',
    );
    expect(
      rows.map((row) => [
        row['review'],
        row['by'],
        row['verdict'],
        row['label'],
        row['undoes'],
        row['decides'],
        row['takenBack'],
      ]),
    ).toEqual([
      ['3', 'editor', 'undo', '', '2', 'false', 'false'],
      ['2', 'admin', 'relabel', 'Volucella_zonaria', '', 'false', 'true'],
      ['1', 'editor', 'relabel', 'wasp', '', 'true', 'false'],
    ]);
    expect(rows[2]).toMatchObject({
      comment: "'=SUM(A1)",
      model: MODEL,
      modelLabel: 'honeybee',
      insect: 'true',
    });
    expect((await table(`/api/v1/downloads/reviews.csv?${query}`)).rows[2]).toMatchObject({ comment: '' });
    const narrowed = await table(`/api/v1/downloads/reviews.csv?${query}&by=admin&verdict=relabel`);
    expect(narrowed.rows.map((row) => row['review'])).toEqual(['2']);
    expect(narrowed.name).toContain('trapline-reviews_by-admin_relabel_from-');
    expect((await table(`/api/v1/downloads/reviews.csv?${query}&label=honeybee`)).rows).toEqual([]);
  });

  it('of reviews lose and repeat none over many pages of the same moment', async () => {
    await api.catalog.db
      .insertInto('reviews')
      .values(
        Array.from({ length: 600 }, (_, i) => ({
          trap_id: run.trapId,
          run_id: run.runId,
          review_id: i + 1,
          verdict: 'unsure' as const,
          by_kind: 'key' as const,
          by_name: 'crowd',
          at_ms: JUNE_1 + Math.floor(i / 300),
        })),
      )
      .execute();
    const { rows } = await table('/api/v1/downloads/reviews.csv?by=crowd');
    expect(rows.map((row) => Number(row['review']))).toEqual(Array.from({ length: 600 }, (_, i) => 600 - i));
    expect(rows.filter((row) => row['decides'] === 'true').map((row) => row['review'])).toEqual(['600']);
  });

  it('of agreement have a row for all labels, then one for each, or the pairs', async () => {
    const { head, rows } = await table('/api/v1/stats/agreement.csv?trap=stats-1');
    expect(head).toBe('label,byModel,byPeople,agreed,precision,recall,kappa');
    expect(
      rows.map((row) => [row['label'], row['byModel'], row['byPeople'], row['agreed'], row['kappa']]),
    ).toEqual([
      ['(all)', '7', '7', '5', '0.5625'],
      ['honeybee', '4', '3', '3', expect.any(String)],
      ['none_bird', '1', '1', '1', '1'],
      ['not-insect', '0', '1', '0', '0'],
      ['wasp', '2', '2', '1', expect.any(String)],
    ]);
    const pairs = await table('/api/v1/stats/agreement.csv?trap=stats-1&table=confusions');
    expect(pairs.rows).toEqual([
      { model: 'honeybee', people: 'wasp', runs: '1' },
      { model: 'wasp', people: 'not-insect', runs: '1' },
    ]);
    expect(pairs.name).toContain('trapline-agreement_confusions_stats-1.csv');
  });
});
