import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fillMeadow, JUNE_1 } from '../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { putSession } from '../sessions/index.js';
import { putTelemetry, touchTraps } from './traps.repository.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await fillMeadow(api.catalog, api.dataDir);
});
afterAll(() => api.close());

const PLACES = [
  '/api/v1/traps',
  '/api/v1/traps/meadow-1',
  '/api/v1/sessions',
  '/api/v1/runs/meadow-1/run-1',
  '/metrics',
];

describe('a trap', () => {
  it('tells its state, its latest reading and its counts', async () => {
    const trap = await api.json('/api/v1/traps/meadow-1');
    expect(trap).toMatchObject({
      trapId: 'meadow-1',
      name: 'Meadow',
      timeZone: 'Europe/Zurich',
      state: 'online',
      lastMessageAt: '2026-06-01T08:00:00.000Z',
      device: { software: 'insect-detect 2' },
      telemetry: { at: '2026-06-01T08:00:00.000Z', readings: { batteryPct: 80 } },
      counts: { runs: 1, crops: 2 },
    });
  });

  it('shows its exact place to editors only', async () => {
    for (const as of ['editor', 'admin'] as const) {
      const trap = await api.json('/api/v1/traps/meadow-1', { as });
      expect(trap.place).toEqual({ latitude: 47.12345, longitude: 8.54321, exact: true });
      expect(trap.device.gps).toBe('47.12345N');
    }
    const seen = await api.json('/api/v1/traps/meadow-1');
    expect(seen.place).toEqual({ latitude: 47.1, longitude: 8.5, exact: false });
  });

  it.each(PLACES)('keeps its exact place from viewers on %s', async (path) => {
    expect(await (await api.get(path)).text()).not.toMatch(/47\.12|8\.54/);
  });

  it('is listed on exactly one page', async () => {
    await touchTraps(api.catalog.db, new Map(['a', 'b', 'z'].map((trapId) => [trapId, JUNE_1])));
    const first = await api.json('/api/v1/traps?limit=3');
    const second = await api.json(`/api/v1/traps?limit=3&after=${first.next}`);
    const seen = [...first.items, ...second.items].map((trap) => trap.trapId);
    expect([seen, second.next]).toEqual([['a', 'b', 'meadow-1', 'z'], undefined]);
    expect(first.items[0]).toMatchObject({
      place: null,
      state: null,
      telemetry: null,
      counts: { runs: 0, crops: 0 },
    });
  });

  it('shows its newest reading, though its clock was once far ahead', async () => {
    const reading = (atMs: number, clockSuspect: boolean) =>
      putTelemetry(api.catalog.db, {
        trapId: 'b',
        atMs,
        clockSuspect,
        payload: {},
        receivedAtMs: JUNE_1,
      });
    const at = async () => (await api.json('/api/v1/traps/b')).telemetry.at;
    await reading(Date.UTC(2099, 0, 1), true);
    expect(await at()).toBe('2099-01-01T00:00:00.000Z');
    await reading(JUNE_1, false);
    await reading(JUNE_1 - 1, false);
    expect(await at()).toBe('2026-06-01T08:00:00.000Z');
  });
});

describe('the sessions', () => {
  it('tell the effort, by the trap or from start to end', async () => {
    const { items } = await api.json('/api/v1/sessions?trap=meadow-1');
    expect(items).toMatchObject([{ sessionId: 'day-1', start: '2026-06-01T08:00:00.000Z', minutes: 60 }]);
    expect(items[0].extra).toEqual({});
  });

  it('come newest first, none lost and none twice', async () => {
    for (let day = 2; day <= 9; day++) {
      const times = { startMs: JUNE_1 + (day % 3) * 1000, endMs: null, offsetMin: 0, reportedMinutes: 5 };
      await putSession(api.catalog.db, {
        trapId: 'meadow-1',
        sessionId: `day-${day}`,
        ...times,
        clockSuspect: false,
        payload: {},
        receivedAtMs: JUNE_1,
        zoneRevision: null,
        clockShiftMs: null,
      });
    }
    const seen: { start: string; sessionId: string }[] = [];
    for (let query = '?limit=2'; query; ) {
      const page = await api.json(`/api/v1/sessions${query}`);
      seen.push(...page.items);
      query = page.next ? `?limit=2&after=${page.next}` : '';
    }
    expect(new Set(seen.map((session) => session.sessionId)).size).toBe(9);
    expect(seen).toHaveLength(9);
    const starts = seen.map((session) => session.start);
    expect(starts).toEqual([...starts].sort().reverse());
  });
});
