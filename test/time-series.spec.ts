import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitingPoints } from '../features/outbox/index.js';
import { touchTraps } from '../features/traps/index.js';
import { Catalog } from '../libs/database/index.js';
import { type Colour, crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { influxdOrReason, TestInflux } from './fixtures/influx.js';
import { colourModel } from './fixtures/model.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const { path, reason } = influxdOrReason();
const START = '2026-06-01T10:00:00Z';
const BOX = [0.1, 0.2, 0.4, 0.6];

let influx: TestInflux;
let station: Station;
let trap: Trap;

async function send(
  run: string,
  colours: readonly Colour[],
  start: string | undefined = START,
): Promise<void> {
  if (start) await trap.meta(run, { start, durationS: 12.5 });
  for (const [i, colour] of colours.entries()) await trap.crop(run, `c-${i}`, await crop(colour, i));
  const manifest = colours.map((_, i) => ({ crop: `c-${i}`, box: BOX }));
  await trap.end(run, { crops: colours.length, manifest });
}

type Row = Record<string, string | number | null>;

/** The points of one run. */
async function pointsOf(run: string): Promise<Row[]> {
  const [series] = await influx.query(`SELECT * FROM insect_run WHERE run_id = '${run}'`);
  return (series?.values ?? []).map(
    (values) => Object.fromEntries(values.map((value, i) => [series?.columns[i], value])) as Row,
  );
}

const firstPoint = (run: string): Promise<Row> => eventually(async () => (await pointsOf(run))[0]);
/** Nothing is on its way any more, neither to InfluxDB nor in the catalog. */
const settled = () =>
  eventually(async () => {
    const now = await station.command<{ waiting: number; toDelete: number; pastIsMarked: boolean }>(
      'influx',
      'status',
      '--json',
    );
    return now.waiting === 0 && now.toDelete === 0 && now.pastIsMarked;
  });

(path ? describe : describe.skip)(`the time series${reason}`, () => {
  beforeAll(async () => {
    influx = await TestInflux.start(path as string);
    station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  }, 120_000);

  afterAll(async () => {
    await trap.close();
    await station.remove();
    await influx.remove();
  });

  it('of a service without InfluxDB wait for nobody, and the past is written once there is one', async () => {
    await send('early', ['red', 'red']);
    await trap.publish('telemetry', {
      v: 1,
      at: '2026-06-01T09:00:00Z',
      batteryPct: 81,
      temperatureC: 21.5,
      diskFreeMb: 900,
    });
    await eventually(async () => (await findRun(station, 'trap-1', 'early')).observation?.final);
    await station.stop();
    const catalog = await Catalog.open({ dataDir: station.dataDir });
    expect((await waitingPoints(catalog.db)).depth).toBe(0);
    await touchTraps(catalog.db, new Map([['silent-trap', Date.now() - 7_200_000]]));
    await catalog.close();
    await station.start(influx.environment);
    expect(await firstPoint('early')).toMatchObject({
      trap: 'trap-1',
      label: 'red',
      insect: 'yes',
      model: 'test-colours-1',
      crops: 2,
      duration_s: 12.5,
      unsure: 0,
      hour: expect.stringMatching(/^\d\d$/),
      thumb: '/api/v1/runs/trap-1/early/crops/c-0/thumbnail',
    });
    expect((await firstPoint('early'))['size_rel']).toBeCloseTo(0.4, 5);
    await settled();
    expect(await influx.number('SELECT last(battery_pct) FROM trap_status')).toBe(81);
  }, 120_000);

  it('say of each known trap whether it is there, of a silent one too', async () => {
    const silent = () =>
      influx.query(`SELECT last(online), age_s FROM trap_status WHERE trap = 'silent-trap'`);
    const [series] = await eventually(async () => {
      const found = await silent();
      return found.length > 0 && found;
    });
    const [, online, ageS] = series?.values[0] ?? [];
    expect([online, Number(ageS) >= 7100]).toEqual([0, true]);
    const [event] = await eventually(async () => {
      const found = await influx.query(`SELECT text FROM trap_event WHERE kind = 'silent'`);
      return found.length > 0 && found;
    });
    expect(event?.values).toEqual([[expect.any(String), expect.stringMatching(/^silent since 20/)]]);
  });

  it('say how the service is', async () => {
    expect(await eventually(async () => (await influx.query('SELECT * FROM pipeline'))[0])).toMatchObject({
      columns: [
        'time',
        'crops_per_s',
        'dead_letters',
        'disk_free_mb',
        'outbox_depth',
        'outbox_oldest_s',
        'queue',
      ],
    });
  });

  it('count two runs of one label in the same millisecond as two', async () => {
    await send('twin-1', ['blue']);
    await send('twin-2', ['blue']);
    await firstPoint('twin-1');
    await firstPoint('twin-2');
    await settled();
    const [a, b] = [await pointsOf('twin-1'), await pointsOf('twin-2')];
    expect([a.length, b.length]).toEqual([1, 1]);
    expect(a[0]?.['time']).not.toBe(b[0]?.['time']);
    expect([a, b].map(([row]) => String(row?.['time']).slice(0, 23))).toEqual([
      '2026-06-01T10:00:00.000',
      '2026-06-01T10:00:00.000',
    ]);
  });

  it('count a run once when late crops correct its label', async () => {
    await send('corrected', ['red']);
    expect(await firstPoint('corrected')).toMatchObject({ label: 'red' });
    for (const i of [5, 6, 7]) await trap.crop('corrected', `c-${i}`, await crop('blue', i));
    await eventually(async () => (await pointsOf('corrected')).some(({ label }) => label === 'blue'));
    await settled();
    expect((await pointsOf('corrected')).map(({ label, crops }) => [label, crops])).toEqual([['blue', 4]]);
  });

  it('count a run once when its start is told late', async () => {
    await send('late-start', ['red'], '');
    await firstPoint('late-start');
    await trap.meta('late-start', { start: '2026-05-20T06:00:00Z' });
    await eventually(async () =>
      String((await pointsOf('late-start'))[0]?.['time']).startsWith('2026-05-20T06'),
    );
    await settled();
    expect(await pointsOf('late-start')).toHaveLength(1);
  });

  it('are written again without counting anything twice', async () => {
    const count = () => influx.number('SELECT count(probability) FROM insect_run');
    const before = await count();
    await station.command('influx', 'rebuild', '--json');
    expect(await count()).toBe(before);
    await influx.query('DROP DATABASE trapline');
    await influx.query('CREATE DATABASE trapline');
    const { observations, points } = await station.command<{ observations: number; points: number }>(
      'influx',
      'rebuild',
      '--json',
    );
    expect([observations, points]).toEqual([before, before]);
    expect(await influx.number('SELECT last(battery_pct) FROM trap_status')).toBe(81);
  });

  it('count a run that another model has classified once for each model', async () => {
    await settled();
    const card = { id: 'other-colours', version: '2' };
    await station.stop();
    await station.start({ TRAPLINE_MODEL: await colourModel({ card }) });
    await station.command('reclassify', '--json');
    await eventually(async () => (await pointsOf('corrected')).length > 1);
    await settled();
    expect((await pointsOf('corrected')).map(({ label, model }) => `${label} by ${model}`).sort()).toEqual([
      'blue by other-colours-2',
      'blue by test-colours-1',
    ]);
  }, 120_000);
});
