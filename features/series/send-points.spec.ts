import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { Influx } from '../../libs/timeseries/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { FakeInflux } from '../../test/fixtures/fake-influx.js';
import { type SeededRun, seedRuns } from '../../test/fixtures/seeded-runs.js';
import { DeadLettersRepository } from '../dead-letters/dead-letters.repository.js';
import {
  countStalePoints,
  enqueueEverything,
  enqueuePoints,
  hasUnqueuedPast,
  oldestPoints,
  runPoint,
  stopQueueing,
  telemetryPoint,
  waitingPoints,
} from '../outbox/index.js';
import { putTelemetry } from '../traps/index.js';
import { sendPoints } from './send-points.js';

const JUNE = Date.UTC(2026, 5, 1, 10);
const NOW = Date.now();

const run = (n: number, more: Partial<SeededRun> = {}): SeededRun => ({
  trapId: `trap-${n % 3}`,
  runId: `run-${n}`,
  atMs: JUNE + n,
  label: 'bee',
  ...more,
});
const runs = (count: number): SeededRun[] => Array.from({ length: count }, (_, n) => run(n));

onEachEngine(await testEngines(), 'points', (engine) => {
  let catalog: Catalog;
  let fake: FakeInflux;
  let influx: Influx;

  beforeEach(async () => {
    catalog = await Catalog.open(await engine.place());
    fake = await FakeInflux.start();
    influx = new Influx({ url: fake.url, org: 'o', bucket: 'b' });
  });
  afterEach(async () => {
    await fake.close();
    await catalog.close();
  });

  /** Until nothing is left to do, whatever stands in the way. */
  async function drain(limit = 1000): Promise<void> {
    for (let step = 0; step < limit; step += 1) {
      const { more } = await sendPoints(catalog, influx);
      if (!more && (await waitingPoints(catalog.reader)).depth === 0) return;
    }
    throw new Error('it never ends');
  }
  const labels = () =>
    [...fake.points.values()].map(
      (line) => `${/run_id="([^"]+)"/.exec(line)?.[1]} ${/label=([^,]+)/.exec(line)?.[1]}`,
    );
  const expectNothingLeft = async () => {
    expect(await waitingPoints(catalog.reader)).toEqual({ depth: 0, oldestMs: undefined });
    expect(await countStalePoints(catalog.reader)).toBe(0);
  };

  it('are written once each, however often they are queued', async () => {
    await seedRuns(catalog, runs(1200));
    await drain();
    await seedRuns(catalog, runs(10));
    await drain();
    expect(fake.points.size).toBe(1200);
    expect(new Set(labels()).size).toBe(1200);
    await expectNothingLeft();
  });

  it('follow their run when its label or its time changes, and go when it is no longer final', async () => {
    await seedRuns(catalog, runs(3));
    await drain();
    await seedRuns(catalog, [run(0, { label: 'wasp' }), run(1, { atMs: JUNE + 99_000 })]);
    await catalog.db.updateTable('observations').set({ final: 0 }).where('run_id', '=', 'run-2').execute();
    await enqueuePoints(catalog.db, [runPoint(run(2))]);
    await drain();
    expect(labels().sort()).toEqual(['run-0 wasp', 'run-1 bee']);
    expect([...fake.points.keys()].some((key) => key.includes(` ${JUNE + 99_000}`))).toBe(true);
    await expectNothingLeft();
  });

  it('are taken back although an answer was lost after they were written', async () => {
    await seedRuns(catalog, [run(0)]);
    fake.after = () => 'hang up';
    expect(await sendPoints(catalog, influx)).toMatchObject({ obstacle: { state: 'busy' } });
    expect(labels()).toEqual(['run-0 bee']);
    await seedRuns(catalog, [run(0, { label: 'wasp' })]);
    fake.after = () => undefined;
    await drain();
    expect(labels()).toEqual(['run-0 wasp']);
    await expectNothingLeft();
  });

  it('may go back to what they were', async () => {
    for (const label of ['bee', 'wasp', 'bee']) {
      await seedRuns(catalog, [run(0, { label })]);
      await drain();
    }
    expect(labels()).toEqual(['run-0 bee']);
    await expectNothingLeft();
  });

  it('keep waiting when what they say changes while they are sent', async () => {
    await seedRuns(catalog, [run(0)]);
    const changed = new Promise<void>((resolve, reject) => {
      fake.before = () => {
        fake.before = () => undefined;
        seedRuns(catalog, [run(0, { label: 'wasp' })]).then(resolve, reject);
        return undefined;
      };
    });
    await sendPoints(catalog, influx);
    await changed;
    await drain();
    expect(labels()).toEqual(['run-0 wasp']);
    await expectNothingLeft();
  });

  /** Holds the next request of this kind back: `held` resolves when it has come, `letGo` lets InfluxDB do it. */
  function holdNext(path: string) {
    let letGo = () => {};
    const held = new Promise<void>((come) => {
      fake.before = (asked) => {
        if (!asked.path.startsWith(path)) return undefined;
        fake.before = () => undefined;
        come();
        return new Promise((resolve) => {
          letGo = () => resolve(undefined);
        });
      };
    });
    return { held, letGo: () => letGo() };
  }

  it('are taken back when another process was slower, and wrote an older truth behind the newer one', async () => {
    await seedRuns(catalog, [run(0)]);
    const { held, letGo } = holdNext('/api/v2/write');
    const slow = sendPoints(catalog, influx);
    await held;
    await seedRuns(catalog, [run(0, { label: 'wasp' })]);
    await drain();
    expect(labels()).toEqual(['run-0 wasp']);
    letGo();
    await slow;
    await drain();
    expect(labels()).toEqual(['run-0 wasp']);
    await expectNothingLeft();
  });

  it('are written again when another process deleted them just when they came back', async () => {
    await seedRuns(catalog, [run(0)]);
    await drain();
    await seedRuns(catalog, [run(0, { label: 'wasp' })]);
    const { held, letGo } = holdNext('/api/v2/delete');
    const slow = sendPoints(catalog, influx);
    await held;
    await seedRuns(catalog, [run(0)]);
    await sendPoints(catalog, influx);
    letGo();
    await slow;
    await drain();
    expect(labels()).toEqual(['run-0 bee']);
    await expectNothingLeft();
  });

  it('are one for each model that has observed the run', async () => {
    await seedRuns(catalog, [run(0), run(0, { model: 'newer-2', label: 'wasp' })]);
    await drain();
    expect(labels().sort()).toEqual(['run-0 bee', 'run-0 wasp']);
  });

  it('wait without loss while InfluxDB does not let us in, and where it takes only a part', async () => {
    await seedRuns(catalog, runs(600));
    fake.before = () => ({ status: 403, body: 'forbidden' });
    expect(await sendPoints(catalog, influx)).toMatchObject({ obstacle: { state: 'denied' } });
    let requests = 0;
    fake.before = ({ body }) => {
      if (body.split('\n').length > 300) return { status: 413 };
      requests += 1;
      return requests === 2 ? { status: 503 } : undefined;
    };
    expect(await sendPoints(catalog, influx)).toMatchObject({ obstacle: { state: 'busy' } });
    expect(fake.points.size).toBe(250);
    expect((await waitingPoints(catalog.reader)).depth).toBe(350);
    await drain();
    expect(fake.points.size).toBe(600);
  });

  it('that InfluxDB refuses are dead letters with its words, and hold up nobody', async () => {
    await seedRuns(catalog, runs(100));
    fake.before = ({ body }) =>
      body.includes('"run-42"') ? { status: 422, body: '{"message":"outside retention"}' } : undefined;
    await drain();
    expect(fake.points.size).toBe(99);
    const letters = await new DeadLettersRepository(catalog).list(10);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({
      topic: 'influxdb/insect_run',
      runId: 'run-42',
      code: 'point-refused',
      message: '422: outside retention',
    });
    await expectNothingLeft();
  });

  it('of the past are written once there is an InfluxDB, page by page, and only what has changed since', async () => {
    await seedRuns(catalog, runs(2100), false);
    await putTelemetry(catalog.db, {
      trapId: 'trap-1',
      atMs: JUNE,
      clockSuspect: false,
      payload: { batteryPct: 80 },
      receivedAtMs: NOW,
    });
    await stopQueueing(catalog.db, NOW);
    expect((await waitingPoints(catalog.reader)).depth).toBe(0);
    await drain();
    expect(fake.points.size).toBe(2101);
    expect(await hasUnqueuedPast(catalog.reader)).toBe(false);

    fake.points.clear();
    await stopQueueing(catalog.db, NOW + 7_200_000);
    await drain();
    expect(fake.points.size).toBe(0);

    await enqueueEverything(catalog.db);
    await drain();
    expect(fake.points.size).toBe(2101);
  });

  it('follow a run that changed while there was no InfluxDB, in all its models', async () => {
    await seedRuns(catalog, [run(0), run(0, { model: 'newer-2', label: 'wasp' }), run(1)]);
    await drain();
    await stopQueueing(catalog.db, Date.now());
    await seedRuns(catalog, [run(0, { model: 'newer-2', label: 'fly' })], false);
    await drain();
    expect(labels().sort()).toEqual(['run-0 bee', 'run-0 fly', 'run-1 bee']);
    await expectNothingLeft();
  });

  it('of readings that say nothing of battery, temperature or disk are none', async () => {
    await putTelemetry(catalog.db, {
      trapId: 'trap-1',
      atMs: JUNE,
      clockSuspect: false,
      payload: { powerSource: 'USB_C_IN', batteryPct: 'NA' },
      receivedAtMs: NOW,
    });
    await enqueuePoints(catalog.db, [telemetryPoint('trap-1', JUNE)]);
    await drain();
    expect(fake.points.size).toBe(0);
    await expectNothingLeft();
  });

  it('of readings move with them, and stay where one has come back to', async () => {
    const put = (atMs: number) =>
      putTelemetry(catalog.db, {
        trapId: 'trap-1',
        atMs: atMs,
        clockSuspect: false,
        payload: { batteryPct: 50 },
        receivedAtMs: NOW,
      });
    const times = () => [...fake.points.values()].map((line) => Number(line.split(' ').at(-1)) / 1e6);
    await put(JUNE);
    const enqueue = (...times: number[]) =>
      enqueuePoints(
        catalog.db,
        times.map((atMs) => telemetryPoint('trap-1', atMs)),
      );
    await enqueue(JUNE);
    await drain();
    expect(times()).toEqual([JUNE]);
    await catalog.db.deleteFrom('telemetry').execute();
    await put(JUNE - 1000);
    await enqueue(JUNE, JUNE - 1000);
    await drain();
    expect(times()).toEqual([JUNE - 1000]);
    // There and back, before InfluxDB has deleted the point.
    await catalog.db.deleteFrom('telemetry').execute();
    await enqueue(JUNE - 1000);
    fake.before = ({ path }) => (path.startsWith('/api/v2/delete') ? { status: 503 } : undefined);
    await sendPoints(catalog, influx);
    expect(await countStalePoints(catalog.reader)).toBe(1);
    fake.before = () => undefined;
    await put(JUNE - 1000);
    await enqueue(JUNE - 1000);
    await drain();
    expect(times()).toEqual([JUNE - 1000]);
    await expectNothingLeft();
  });

  it('are sent in the order in which they were queued', async () => {
    for (const n of [5, 3, 4]) await seedRuns(catalog, [run(n)]);
    await seedRuns(catalog, [run(5)]);
    expect((await oldestPoints(catalog.reader, 10)).map(({ item }) => item)).toEqual([
      'run-3',
      'run-4',
      'run-5',
    ]);
  });

  it('are what the catalog says in the end, though two send at once, labels change and answers are lost', async () => {
    const names = ['bee', 'wasp', 'fly'];
    const random = seeded(20260601);
    const truth = new Map<string, string>();
    const fail = () => (random() < 0.15 ? (random() < 0.5 ? 'hang up' : { status: 500 }) : undefined);
    fake.before = fail;
    fake.after = fail;
    let changing = true;
    const change = async () => {
      for (let i = 0; i < 120; i += 1) {
        const n = Math.floor(random() * 12);
        const label = names[Math.floor(random() * names.length)] as string;
        truth.set(`run-${n}`, label);
        await seedRuns(catalog, [run(n, { label })]);
        if (random() < 0.1) await enqueueEverything(catalog.db);
        await new Promise((resolve) => setTimeout(resolve, random() * 8));
      }
    };
    const send = async () => {
      while (changing) {
        await sendPoints(catalog, influx);
        await new Promise((resolve) => setTimeout(resolve, random() * 5));
      }
    };
    await Promise.all([
      change().finally(() => {
        changing = false;
      }),
      send(),
      send(),
    ]);
    fake.before = () => undefined;
    fake.after = () => undefined;
    await drain();
    expect(labels().sort()).toEqual([...truth].map((entry) => entry.join(' ')).sort());
    await expectNothingLeft();
  }, 120_000);
});

/** The same numbers every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
