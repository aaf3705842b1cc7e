import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitingPoints } from '../features/outbox/index.js';
import { Catalog } from '../libs/database/index.js';
import { eventually } from './fixtures/eventually.js';
import { influxdOrReason, TestInflux } from './fixtures/influx.js';
import { type SeededRun, seedRuns } from './fixtures/seeded-runs.js';
import { Station } from './fixtures/station.js';

/** CI sends more: see `.ci/run`. */
const RUNS = Number(process.env['TRAPLINE_TEST_INFLUX_RUNS'] ?? 8_000);
const TRAPS = 10;
const LABELS = 27;
const JUNE = Date.UTC(2026, 5, 1, 8);
/** A week of its own: InfluxDB keeps the types of fields by week. */
const BAD_WEEK = Date.UTC(2025, 0, 15, 12);
const BAD_RUN = `run-${Math.floor(RUNS * 0.7)}`;
const LIMIT_MS = 300_000;

const { path, reason } = influxdOrReason();

const runs: SeededRun[] = Array.from({ length: RUNS }, (_, i) => ({
  trapId: `trap-${i % TRAPS}`,
  runId: `run-${i}`,
  atMs: `run-${i}` === BAD_RUN ? BAD_WEEK : JUNE + (i % 2000) * 1000,
  label: `label-${i % LABELS}`,
  taxon: `Genus species${i % LABELS}`,
}));
const half = runs.slice(0, RUNS / 2);
const otherHalf = runs.slice(RUNS / 2);

(path ? describe : describe.skip)(`${RUNS} runs on their way to InfluxDB${reason}`, () => {
  let influx: TestInflux;
  let station: Station;
  let catalog: Catalog;

  beforeAll(async () => {
    influx = await TestInflux.start(path as string);
    station = await Station.start({ ...influx.environment, TRAPLINE_CLASSIFIERS: '0' });
    catalog = await Catalog.open({ dataDir: station.dataDir });
    // Some other program has written a fraction where we write whole numbers: our point of that week is refused.
    await influx.write(`insect_run,trap=other crops=1.5 ${BAD_WEEK}000000`);
  }, 120_000);

  afterAll(async () => {
    await catalog.close();
    await station.remove();
    await influx.remove();
  });

  const health = () =>
    station.json<{ status: string; checks: { influxdb: { status: string } } }>('/health/ready');
  const afterWrites = (more: number) => {
    const from = influx.writes;
    return eventually(() => influx.writes >= from + more, LIMIT_MS);
  };
  async function killStation(): Promise<void> {
    await station.kill();
    await station.start();
  }
  async function killInflux(): Promise<void> {
    await influx.kill();
    await delay(200);
    await influx.up();
  }

  it('wait while it is away for the whole first half, and the service is degraded but ready', async () => {
    influx.fault = () => 'hang up';
    const seeding = seedRuns(catalog, half);
    await delay(500);
    await killStation();
    await seeding;
    expect(
      await eventually(async () => (await health()).status === 'degraded' && (await health())),
    ).toMatchObject({
      status: 'degraded',
      checks: { influxdb: { status: 'degraded' } },
    });
    expect(await influx.number('SELECT count(probability) FROM insect_run')).toBe(0);
  }, 120_000);

  it('wait while it refuses the token, however often it is asked', async () => {
    let asked = 0;
    influx.fault = () => {
      asked += 1;
      return { status: 401, body: '{"code":"unauthorized","message":"unauthorized access"}' };
    };
    await eventually(() => asked >= 3, 60_000);
    expect(await health()).toMatchObject({ checks: { influxdb: { status: 'degraded' } } });
    const status = await station.command<{ waiting: number; lastTrouble: { message: string } }>(
      'influx',
      'status',
      '--json',
    );
    expect(status.waiting).toBe(half.length);
    expect(status.lastTrouble.message).toBe('401: unauthorized access');
  }, 120_000);

  it('come through kills of both, too large batches, haste and a bad line: each of them exactly once', async () => {
    let overloaded = 0;
    influx.fault = ({ path: to, body }) => {
      if (!to.startsWith('/api/v2/write')) return undefined;
      if (body.split('\n').length > 200)
        return { status: 413, body: '{"message":"request entity too large"}' };
      if (influx.writes % 40 === 39 && overloaded < 3) {
        overloaded += 1;
        return { status: 429, headers: { 'Retry-After': '1' } };
      }
      return undefined;
    };
    const seeding = seedRuns(catalog, otherHalf);
    for (const kill of [killStation, killInflux, killStation, killInflux, killStation]) {
      await afterWrites(8);
      expect((await waitingPoints(catalog.reader)).depth).toBeGreaterThan(1000);
      await kill();
    }
    await seeding;
    expect(overloaded).toBeGreaterThan(0);

    const good = runs.filter(({ runId }) => runId !== BAD_RUN);
    await eventually(
      async () => (await influx.number('SELECT count(probability) FROM insect_run')) >= good.length,
      LIMIT_MS,
    );
    const status = await eventually(async () => {
      const now = await station.command<{ waiting: number; observations: number; points: number }>(
        'influx',
        'status',
        '--json',
      );
      return now.waiting === 0 && now;
    });
    expect(status).toMatchObject({ observations: RUNS, points: good.length });
    const [series] = await influx.query('SELECT run_id, probability, trap FROM insect_run');
    const [run, , trap] = ['run_id', 'probability', 'trap'].map(
      (name) => series?.columns.indexOf(name) ?? -1,
    );
    const found = series?.values.map((value) => `${value[trap as number]}/${value[run as number]}`);
    expect(found?.sort()).toEqual(good.map(({ trapId, runId }) => `${trapId}/${runId}`).sort());
  }, 600_000);

  it('leave the bad line in the dead letters, with what InfluxDB says of it', async () => {
    const { items } = await station.json<{ items: { runId?: string; code: string; message: string }[] }>(
      '/api/v1/dead-letters',
    );
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ runId: BAD_RUN, code: 'point-refused' });
    expect(items[0]?.message).toMatch(/^400: partial write: field type conflict.*crops/);
  });

  it('and the service is well again', async () => {
    expect(await health()).toMatchObject({ checks: { influxdb: { status: 'ok' } } });
  });
});
