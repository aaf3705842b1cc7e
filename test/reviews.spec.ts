import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Colour, crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: Trap;
const keys: Record<string, string> = {};

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  for (const [name, role] of [
    ['anna', 'editor'],
    ['ben', 'editor'],
    ['guest', 'viewer'],
  ] as const) {
    const { key } = await station.command<{ key: string }>(
      'key',
      'create',
      '--role',
      role,
      '--name',
      name,
      '--json',
    );
    keys[name] = key;
  }
}, 120_000);

afterAll(async () => {
  await trap.close();
  await station.remove();
});

/** A run that is classified. */
async function visit(run: string, colours: readonly Colour[], start = '2026-06-01T10:00:00Z'): Promise<void> {
  await trap.meta(run, { start });
  for (const [i, colour] of colours.entries()) await trap.crop(run, `c-${i}`, await crop(colour, i));
  await trap.end(run, { crops: colours.length });
  await eventually(async () => (await findRun(station, 'trap-1', run)).observation?.final);
}

async function review(run: string, body: object, by = 'anna'): Promise<number> {
  const { status } = await station.get(`/api/v1/runs/trap-1/${run}/review`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${keys[by]}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return status;
}

const undo = async (run: string, by = 'anna') =>
  (
    await station.get(`/api/v1/runs/trap-1/${run}/review`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${keys[by]}` },
    })
  ).status;

interface Reviewed {
  readonly reviewed: boolean;
  readonly observation: { readonly label: string; readonly revision: number; readonly crops: number } | null;
  readonly modelObservation: {
    readonly label: string;
    readonly crops: number;
    readonly model: string;
  } | null;
  readonly reviews: readonly { readonly verdict: string; readonly by: string; readonly decides: boolean }[];
}
const runOf = (run: string) => station.json<Reviewed>(`/api/v1/runs/trap-1/${run}`);
const labelsOf = async (query: string) => (await allRuns(station, query)).map(({ runId }) => runId);
const result = (run: string, of: Record<string, unknown>) =>
  eventually(() =>
    trap
      .answers(run, 'result')
      .find((told) => Object.entries(of).every(([key, value]) => told[key] === value)),
  );

describe("a person's verdict", () => {
  it('is what the run is listed and told as, with a grown revision, and the trap hears of it', async () => {
    await visit('told', ['red', 'red']);
    expect(await result('told', { label: 'red' })).toMatchObject({ revision: 1 });
    expect(await review('told', { verdict: 'relabel', label: 'blue' })).toBe(201);
    expect(await labelsOf('&label=blue')).toEqual(['told']);
    expect(await labelsOf('&label=red')).toEqual([]);
    expect(await labelsOf('&reviewed=true')).toEqual(['told']);
    const news = {
      run: 'told',
      label: 'blue',
      reviewed: true,
      revision: 2,
      probability: 1,
      crops: 2,
      final: true,
    };
    expect(await result('told', { label: 'blue' })).toMatchObject(news);
    const later = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    const last = await eventually(() => later.told.find(({ topic }) => topic === 'traps/v1/trap-1/last'));
    expect(last.payload).toMatchObject(news);
    await later.close();
  });

  it('stays when late crops come, while the model says what it sees', async () => {
    await visit('late', ['red']);
    await review('late', { verdict: 'relabel', taxon: 'Volucella zonaria', rank: 'species' });
    for (const i of [5, 6, 7]) await trap.crop('late', `c-${i}`, await crop('green', i));
    await eventually(async () => (await runOf('late')).modelObservation?.label === 'green');
    expect(await runOf('late')).toMatchObject({
      reviewed: true,
      observation: { label: 'Volucella_zonaria', taxon: 'Volucella zonaria', crops: 4 },
      modelObservation: { label: 'green', crops: 4 },
    });
    const told = await result('late', { crops: 4, final: true });
    expect(told).toMatchObject({ label: 'Volucella_zonaria', reviewed: true });
    expect(told['revision']).toBeGreaterThan(2);
  });

  it('is taken back, and the model has its word again', async () => {
    await visit('undone', ['green']);
    await review('undone', { verdict: 'not-insect' });
    expect(await labelsOf('&insectsOnly=true')).not.toContain('undone');
    expect(await undo('undone')).toBe(200);
    expect(await runOf('undone')).toMatchObject({
      reviewed: false,
      observation: { label: 'green', revision: 3 },
    });
    expect(await labelsOf('&insectsOnly=true')).toContain('undone');
    const told = await result('undone', { revision: 3 });
    expect(told).toMatchObject({ label: 'green', insect: true });
    expect(told['reviewed']).toBeUndefined();
  });

  it('is that of the person who spoke last, and nobody is forgotten', async () => {
    await visit('argued', ['blue']);
    await Promise.all([
      review('argued', { verdict: 'relabel', label: 'red' }, 'anna'),
      review('argued', { verdict: 'relabel', label: 'green' }, 'ben'),
    ]);
    const { observation, reviews } = await runOf('argued');
    expect(reviews.map(({ by }) => by).sort()).toEqual(['anna', 'ben']);
    expect(reviews.map(({ decides }) => decides)).toEqual([false, true]);
    expect(observation?.label).toBe(reviews[1]?.by === 'ben' ? 'green' : 'red');
    await undo('argued', 'ben');
    expect((await runOf('argued')).observation?.label).toBe(reviews[0]?.by === 'ben' ? 'green' : 'red');
  });

  it('may come before any of a model, and of a run that has no crops', async () => {
    await trap.end('no-crops', { crops: 0 });
    await eventually(() => trap.answers('no-crops', 'receipt').at(-1));
    expect(await review('no-crops', { verdict: 'agree' })).toBe(409);
    expect(await review('no-crops', { verdict: 'relabel', label: 'red' })).toBe(201);
    expect(await runOf('no-crops')).toMatchObject({ observation: { label: 'red' }, modelObservation: null });
    expect(await result('no-crops', { label: 'red' })).toMatchObject({ model: 'people', crops: 0 });
    await trap.crop('no-crops', 'c-1', await crop('blue', 1));
    await eventually(async () => (await runOf('no-crops')).modelObservation?.label === 'blue');
    expect((await runOf('no-crops')).observation).toMatchObject({ label: 'red', crops: 1 });
  });

  it('bears the name of the person who has logged in', async () => {
    await visit('signed', ['blue']);
    const login = await fetch(`${station.http}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password: await station.adminPassword() }),
    });
    const { token } = (await login.json()) as { token: string };
    keys['admin'] = token;
    expect(await review('signed', { verdict: 'agree', label: 'blue' }, 'admin')).toBe(201);
    expect((await runOf('signed')).reviews).toMatchObject([{ by: 'admin', byKind: 'user', decides: true }]);
  });

  it('is taken from editors only, and for runs that are known', async () => {
    await visit('guarded', ['red']);
    expect(await review('guarded', { verdict: 'agree' }, 'guest')).toBe(403);
    expect(await undo('guarded', 'guest')).toBe(403);
    expect(await review('nowhere', { verdict: 'not-insect' })).toBe(404);
    expect((await station.get('/api/v1/runs/trap-1/nowhere')).status).toBe(404);
    expect(await runOf('guarded')).toMatchObject({ reviewed: false, reviews: [] });
  });

  it('can be held against what the model says', async () => {
    const may = '2026-05-01T10:00:00Z';
    await visit('judged-1', ['green'], may);
    await visit('judged-2', ['green'], may);
    await review('judged-1', { verdict: 'agree' });
    await review('judged-2', { verdict: 'relabel', label: 'blue' });
    expect(await station.json('/api/v1/stats/agreement?from=2026-05-01&to=2026-05-02')).toMatchObject({
      n: 2,
      agreed: 1,
      kappa: 0,
      confusions: [{ model: 'green', people: 'blue', runs: 1 }],
    });
  });

  it('stays when another model classifies the past, and over a restart', async () => {
    await visit('again', ['red']);
    await review('again', { verdict: 'relabel', label: 'blue' });
    await visit('unreviewed', ['red']);
    await station.stop();
    await station.start({
      TRAPLINE_MODEL: await colourModel({
        labels: ['crimson', 'green', 'blue', 'grey'],
        card: { id: 'other-colours', version: '2' },
      }),
    });
    await station.command('reclassify', '--json');
    await eventually(async () => (await runOf('unreviewed')).observation?.label === 'crimson');
    const again = await eventually(async () => {
      const run = await runOf('again');
      return run.modelObservation?.model === 'other-colours-2' && run;
    });
    expect(again).toMatchObject({ observation: { label: 'blue' }, modelObservation: { label: 'crimson' } });
    await undo('again');
    expect((await runOf('again')).observation?.label).toBe('crimson');
  }, 120_000);
});
