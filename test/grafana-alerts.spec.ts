import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Point, point, wholeMs } from '../libs/timeseries/index.js';
import type { MeasurementName } from '../libs/timeseries/measurements.js';
import { evaluate } from './fixtures/grafana-alerting.js';
import { ruleFiles } from './fixtures/grafana-files.js';
import { activityPoint, writePoints } from './fixtures/grafana-season.js';
import { influxdOrReason, TestInflux } from './fixtures/influx.js';

const influxd = influxdOrReason();
const whereInfluxIs = influxd.path ? describe : describe.skip;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TRAPS = ['hedge', 'meadow', 'pond'];

/** Half past two in the night; each test takes a night of its own. */
const nightNo = (n: number) => Date.UTC(2026, 5, 1 + n, 2, 30);

interface Night {
  readonly battery?: number;
  readonly trapDisk?: number;
  readonly silentHours?: number;
  /** It said that it sleeps, and for how long. */
  readonly asleep?: boolean;
  readonly outboxS?: number;
  readonly deadLetters?: (minutesAgo: number) => number;
  readonly serverDisk?: number;
  readonly activity?: { readonly count: number; readonly expected: number; readonly upper: number };
  readonly firstSighting?: boolean;
  /** Minutes since the service wrote its last point. */
  readonly serviceAwayMin?: number;
}

/** The two hours before; what is given befalls the trap `meadow`, or the service. */
function* pointsOf(atMs: number, night: Night): Generator<Point<MeasurementName>> {
  for (let minutesAgo = 120; minutesAgo >= (night.serviceAwayMin ?? 0); minutesAgo--) {
    const timeNs = wholeMs(atMs - minutesAgo * MINUTE_MS);
    yield point({
      measurement: 'pipeline',
      tags: {},
      fields: {
        outbox_depth: 1,
        outbox_oldest_s: night.outboxS ?? 0.2,
        // Some lie there since long ago.
        dead_letters: night.deadLetters?.(minutesAgo) ?? 7,
        crops_per_s: 0,
        queue: 0,
        disk_free_mb: night.serverDisk ?? 80_000,
      },
      timeNs,
    });
    for (const trap of TRAPS) {
      const hours = trap === 'meadow' ? night.silentHours : undefined;
      // At night the traps sleep: off, and nothing said since the evening.
      const asleepS = 6 * 3_600 - minutesAgo * 60;
      yield point({
        measurement: 'trap_status',
        tags: { trap },
        fields: {
          online: 0,
          state: 0,
          age_s: hours === undefined ? asleepS : hours * 3_600,
          overdue_s: night.asleep ? 0 : hours === undefined ? asleepS : hours * 3_600,
          name: trap,
        },
        timeNs,
      });
    }
  }
  for (const trap of TRAPS) {
    const own = trap === 'meadow';
    yield point({
      measurement: 'trap_status',
      tags: { trap },
      fields: {
        battery_pct: (own && night.battery) || 60,
        temp_c: 12,
        disk_free_mb: (own && night.trapDisk) || 20_000,
      },
      timeNs: wholeMs(atMs - 7 * HOUR_MS),
    });
    for (const group of ['all', 'moths']) {
      const busy = own && group === 'moths' ? night.activity : undefined;
      const hour = { count: 3, expected: 4, upper: 10, ...busy };
      yield activityPoint({ hourMs: atMs - 90 * MINUTE_MS, trap, group, ...hour });
    }
  }
  if (night.firstSighting)
    yield point({
      measurement: 'trap_event',
      tags: { trap: 'meadow', kind: 'first-sighting', taxon: 'Deilephila_elpenor' },
      fields: { text: 'Deilephila elpenor, for the first time' },
      timeNs: wholeMs(atMs - HOUR_MS),
    });
}

whereInfluxIs(`alert rules over a real InfluxDB${influxd.reason}`, () => {
  let influx: TestInflux;

  beforeAll(async () => {
    influx = await TestInflux.start(influxd.path as string);
  });

  afterAll(async () => influx?.remove());

  /** Which rules fire, and for which trap. */
  const firing = async (atMs: number) => {
    const all = await Promise.all(ruleFiles().map((rule) => evaluate(influx, rule, atMs)));
    return all.flatMap(({ uid, state, because, instances }) => {
      if (state !== 'Alerting') return [];
      if (because === 'no data') return [`${uid}: no data`];
      return instances
        .filter(({ fires }) => fires)
        .map(({ labels }) => `${uid} ${Object.values(labels).join(' ')}`.trim());
    });
  };

  const night = async (n: number, what: Night): Promise<readonly string[]> => {
    await writePoints(influx, pointsOf(nightNo(n), what));
    return firing(nightNo(n));
  };

  test('on a normal night none fires: traps sleep, a battery is half full, old dead letters lie there', async () => {
    expect(await night(1, {})).toEqual([]);
  });

  test('a spike fires unusual activity, for its trap and group alone', async () => {
    expect(await night(3, { activity: { count: 20, expected: 4, upper: 10 } })).toEqual([
      // The tags of a series come in alphabetical order.
      'trapline-unusual-activity moths meadow',
    ]);
  });

  test('two insects are no event, however little was expected', async () => {
    expect(await night(5, { activity: { count: 2, expected: 0.1, upper: 0.5 } })).toEqual([]);
  });

  test('a count at the upper bound is none either', async () => {
    expect(await night(7, { activity: { count: 10, expected: 4, upper: 10 } })).toEqual([]);
  });

  test('a trap that has been silent for a day fires, those that sleep do not', async () => {
    expect(await night(9, { silentHours: 30 })).toEqual(['trapline-trap-silent meadow']);
  });

  test('a trap that said how long it sleeps is not silent, however long that is', async () => {
    expect(await night(25, { silentHours: 72, asleep: true })).toEqual([]);
  });

  test('a first sighting fires, and its message says what was seen', async () => {
    expect(await night(11, { firstSighting: true })).toEqual([
      'trapline-first-sighting Deilephila_elpenor meadow',
    ]);
    const rule = ruleFiles().find(({ uid }) => uid === 'trapline-first-sighting');
    expect(rule?.annotations.summary).toContain('{{ $labels.taxon }}');
  });

  test('a weak battery fires, although the trap said so hours ago', async () => {
    expect(await night(13, { battery: 9 })).toEqual(['trapline-battery-low meadow']);
  });

  test("a trap's disk that is almost full fires", async () => {
    expect(await night(15, { trapDisk: 300 })).toEqual(['trapline-trap-disk meadow']);
  });

  test('an outbox that does not get empty fires', async () => {
    expect(await night(17, { outboxS: 1_200 })).toEqual(['trapline-outbox-age']);
  });

  test('new dead letters fire', async () => {
    const deadLetters = (minutesAgo: number) => (minutesAgo < 20 ? 9 : 7);
    expect(await night(19, { deadLetters })).toEqual(['trapline-dead-letters']);
  });

  test("the server's disk fires before it is full", async () => {
    expect(await night(21, { serverDisk: 900 })).toEqual(['trapline-server-disk']);
  });

  test('a service that writes nothing any more fires as an outbox that is stuck, and nothing else does', async () => {
    expect(await night(23, { serviceAwayMin: 30 })).toEqual(['trapline-outbox-age: no data']);
  });

  test('what was is over a day later', async () => {
    expect(await firing(nightNo(3) + DAY_MS)).toEqual(['trapline-outbox-age: no data']);
  });

  test('while InfluxDB is away, the outbox fires and all others stay as they were', async () => {
    const away = { query: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const states = await Promise.all(ruleFiles().map((rule) => evaluate(away, rule, nightNo(1))));
    const loud = states.filter(({ state }) => state === 'Alerting').map(({ uid }) => uid);
    expect(loud).toEqual(['trapline-outbox-age']);
    expect(states.filter(({ state }) => state === 'KeepLast')).toHaveLength(states.length - 1);
  });
});
