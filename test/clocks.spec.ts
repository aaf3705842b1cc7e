import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { simulate } from './fixtures/simulator.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const HOUR_MS = 3_600_000;
const LIMIT_MS = 240_000;

interface Counts {
  readonly items: readonly (Record<string, unknown> & { readonly visits: number })[];
  readonly totals: {
    readonly visits: number;
    readonly timeUnknown: { readonly visits: number; readonly crops: number };
  };
}

interface TimedRun {
  readonly trapId: string;
  readonly runId: string;
  readonly start: string | null;
  readonly startOffsetMin: number | null;
  readonly end: string | null;
  readonly durationS: number | null;
  readonly clockSuspect: boolean;
  readonly timeKnown: boolean;
  readonly timeFrom: string | null;
}

let station: Station;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
});
afterAll(() => station.remove());

const counts = (query: string): Promise<Counts> => station.json(`/api/v1/stats/counts?${query}`);
const runs = async (query = ''): Promise<TimedRun[]> =>
  (await allRuns(station, query)) as unknown as TimedRun[];
const find = (trapId: string, runId: string): Promise<TimedRun> =>
  station.json(`/api/v1/runs/${trapId}/${runId}`);
const iso = (ms: number) => new Date(ms).toISOString();

describe('a season in which clocks go wrong', () => {
  it(
    'raises no alarm in the hour in which it is received, and adds nothing to its day',
    async () => {
      const { status } = await simulate(
        station,
        '--traps 2 --days 14 --runs 1 --drawings 2 --seed clocks --faults --patience 60',
      );
      expect(status).toBe(0);
      const nowMs = Date.now();
      for (const id of ['sim-clocks-001', 'sim-clocks-002']) {
        // It is recording while the season is received: only then could that hour be judged.
        const trap = await Trap.connect(id, await station.addTrap(id), station.mqttPort);
        await trap.publish('sessions/now', { v: 1, start: iso(nowMs - 2 * HOUR_MS), end: iso(nowMs) });
        await trap.close();
      }
      const unknown = await runs('&insectsOnly=true&timeKnown=false');
      expect(unknown.length).toBeGreaterThan(0);
      expect(unknown.every((run) => run.clockSuspect && run.timeFrom === null)).toBe(true);

      const byDay = await counts('by=trap,day');
      expect(byDay.totals.timeUnknown.visits).toBe(unknown.length);
      const ofUnknown = byDay.items.filter(({ day }) => day === null);
      expect(ofUnknown.reduce((sum, { visits }) => sum + visits, 0)).toBe(unknown.length);
      const sum = byDay.items.reduce((all, { visits }) => all + visits, 0);
      expect([sum, byDay.totals.visits]).toEqual(Array(2).fill((await runs('&insectsOnly=true')).length));

      const recent = await runs(`&insectsOnly=true&from=${iso(nowMs - 26 * HOUR_MS)}`);
      expect(recent.filter((run) => run.clockSuspect)).toEqual([]);
      const span = await counts(`by=hour&from=${iso(nowMs - 26 * HOUR_MS)}`);
      expect([span.totals.visits, span.totals.timeUnknown.visits]).toEqual([recent.length, 0]);

      // The first look at what is unusual is taken a quarter of a minute after a start.
      await station.stop();
      await station.start();
      await eventually(async () => {
        const { items } = await station.json<{ items: unknown[] }>(
          `/api/v1/activity?from=${iso(nowMs - 2 * HOUR_MS)}`,
        );
        return items.length > 0;
      });
      const { items: episodes } = await station.json<{ items: { end: string; evidence: unknown[] }[] }>(
        `/api/v1/activity/episodes?from=${iso(nowMs - 3 * HOUR_MS)}`,
      );
      expect(episodes).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('a run of unknown time', () => {
  it('is in totals and lists, and in no hour, no day, no newest result and no table of times', async () => {
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    await trap.meta('good', { start: iso(Date.now() - 5 * HOUR_MS) });
    await trap.crop('good', 'c0', await crop('red', 1));
    await trap.end('good', { crops: 1, end: iso(Date.now() - 5 * HOUR_MS + 3000) });
    await eventually(() => trap.answers('good', 'result').find(({ final }) => final === true));
    await trap.meta('lost', { start: '1970-01-01T00:10:00Z', end: '1970-01-01T00:10:04Z' });
    await trap.crop('lost', 'c0', await crop('green', 2));
    await trap.end('lost', { crops: 1, end: '1970-01-01T00:10:04Z' });
    await eventually(() => trap.answers('lost', 'result').find(({ final }) => final === true));
    await trap.close();
    expect(await find('trap-1', 'lost')).toMatchObject({
      clockSuspect: true,
      timeKnown: false,
      timeFrom: null,
      durationS: 4,
    });
    const listed = (await runs('&trap=trap-1')).map(({ runId }) => runId);
    expect(listed).toEqual(['good', 'lost']);
    const { items, totals } = await counts('by=label,hour&trap=trap-1');
    expect(items).toEqual([
      expect.objectContaining({ label: 'green', hour: null, visits: 1 }),
      expect.objectContaining({ label: 'red', visits: 1 }),
    ]);
    expect(totals.timeUnknown).toEqual({ visits: 1, crops: 1 });
    const last = trap.told.filter(({ topic }) => topic.endsWith('/last')).at(-1);
    expect(last?.payload).toMatchObject({ run: 'good' });
  });
});

describe('the true time of a run', () => {
  const TRUE_START = '2026-09-01T10:00:00.000Z';
  let trap: Trap;
  beforeAll(async () => {
    trap = await Trap.connect('clock-1', await station.addTrap('clock-1'), station.mqttPort);
    await trap.publish('info', { v: 1, timeZone: 'Europe/Berlin' });
  });
  afterAll(() => trap.close());

  const say = (path: string, start?: string) =>
    station.get(`/api/v1/${path}/time`, {
      method: start ? 'PUT' : 'DELETE',
      ...(start && {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ start, comment: 'I was there.' }),
      }),
    });

  /** A clock that began in 1970: `at` is local, in minutes since. */
  async function play(run: string, minute: number, session?: string): Promise<void> {
    const at = (second: number) => `1970-01-01T01:${String(minute).padStart(2, '0')}:0${second}`;
    await trap.meta(run, { start: at(0), end: at(4), ...(session && { session }) });
    await trap.crop(run, 'c0', await crop('red', minute));
    await trap.end(run, { crops: 1, end: at(4), manifest: [{ crop: 'c0', at: at(2) }] });
    await eventually(() => trap.answers(run, 'result').find(({ final }) => final === true));
  }

  it('is what a person says; its hour, its pictures and its exports follow, and back again', async () => {
    await play('r1', 10);
    expect(await find('clock-1', 'r1')).toMatchObject({ timeKnown: false });
    expect((await say('runs/clock-1/r1', TRUE_START)).status).toBe(200);
    const run = await find('clock-1', 'r1');
    expect(run).toMatchObject({
      start: TRUE_START,
      startOffsetMin: 120,
      end: '2026-09-01T10:00:04.000Z',
      durationS: 4,
      clockSuspect: true,
      timeKnown: true,
      timeFrom: 'person',
      crops: [{ detection: { at: '2026-09-01T10:00:02.000Z' } }],
    });
    const day = await counts('by=day,hour&trap=clock-1');
    expect(day.items).toMatchObject([{ day: '2026-09-01', hour: 12, visits: 1 }]);
    expect(day.totals.timeUnknown.visits).toBe(0);

    // The same messages again change nothing of it.
    await play('r1', 10);
    expect(await find('clock-1', 'r1')).toMatchObject({ start: TRUE_START, timeFrom: 'person' });

    expect((await say('runs/clock-1/r1')).status).toBe(200);
    expect(await find('clock-1', 'r1')).toMatchObject({
      start: '1970-01-01T00:10:00.000Z',
      timeKnown: false,
      timeFrom: null,
    });
    const { history } = await station.json<{ history: object[] }>('/api/v1/runs/clock-1/r1/time');
    expect(history).toMatchObject([
      { id: 1, start: TRUE_START, comment: 'I was there.', by: { name: 'first-admin' } },
      { id: 2, start: null },
    ]);
  });

  it('is that of its session, also for runs that come later', async () => {
    await trap.publish('sessions/s1', { v: 1, start: '1970-01-01T01:00:00', end: '1970-01-01T01:40:00' });
    await play('s1-a', 15, 's1');
    expect((await say('sessions/clock-1/s1', '2026-09-02T10:00:00Z')).status).toBe(200);
    const timeOf = async (run: string) => {
      const { start, timeFrom } = await find('clock-1', run);
      return [start, timeFrom];
    };
    await eventually(async () => (await find('clock-1', 's1-a')).timeKnown);
    expect(await timeOf('s1-a')).toEqual(['2026-09-02T10:15:00.000Z', 'session']);
    await play('s1-b', 20, 's1');
    await eventually(async () => (await find('clock-1', 's1-b')).timeKnown);
    expect(await timeOf('s1-b')).toEqual(['2026-09-02T10:20:00.000Z', 'session']);
    const hours = await counts('by=hour&trap=clock-1&from=2026-09-02&to=2026-09-03');
    expect(hours.items).toMatchObject([{ hour: 12, visits: 2, effortMinutes: 40 }]);
    expect((await say('sessions/clock-1/s1')).status).toBe(200);
    await eventually(async () => !(await find('clock-1', 's1-a')).timeKnown);
  });

  it('follows from a session whose clock was set right before it was told of again', async () => {
    await trap.publish('sessions/s2', { v: 1, start: '1970-01-01T01:00:00' });
    await play('s2-a', 5, 's2');
    await trap.publish('sessions/s2', { v: 1, start: '2026-09-03T10:00:00', end: '2026-09-03T10:40:00' });
    await eventually(async () => (await find('clock-1', 's2-a')).timeKnown);
    expect(await find('clock-1', 's2-a')).toMatchObject({
      start: '2026-09-03T08:05:00.000Z',
      timeFrom: 'session',
    });
  });

  it('follows from a session that is hardly longer than what it saw', async () => {
    await trap.publish('sessions/s3', { v: 1, start: '2026-09-04T10:00:00', end: '2026-09-04T10:40:00' });
    await play('s3-a', 2, 's3');
    await eventually(async () => (await find('clock-1', 's3-a')).timeKnown);
    const { start, timeFrom } = await find('clock-1', 's3-a');
    expect(timeFrom).toBe('session');
    expect(Math.abs(Date.parse(start ?? '') - Date.parse('2026-09-04T08:20:00Z'))).toBeLessThan(21 * 60_000);
  });

  it('does not follow from a backlog: its lags are not those of a live clock', async () => {
    await trap.publish('telemetry', { v: 1, at: '1970-01-01T02:05:00', batteryPct: 50 });
    await play('n1', 31);
    await play('n2', 47);
    const { timeKnown } = await find('clock-1', 'n1');
    expect(timeKnown).toBe(false);
  });

  it.each([
    [{}, 'start'],
    [{ start: '1999-01-01T00:00:00Z' }, 'start'],
    [{ start: '2999-01-01T00:00:00Z' }, 'start'],
    [{ start: '2026-06-01T10:00:00' }, 'start'],
    [{ start: TRUE_START, comment: 7 }, 'comment'],
    [{ start: TRUE_START, when: 'now' }, 'when'],
  ])('is not %j', async (body, field) => {
    const answer = await station.get('/api/v1/runs/clock-1/r1/time', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { errors } = (await answer.json()) as { errors: object[] };
    expect([answer.status, errors]).toEqual([400, [expect.objectContaining({ field })]]);
  });

  it('is unknown of a run that nobody knows', async () => {
    expect((await say('runs/clock-1/nothing', TRUE_START)).status).toBe(404);
    expect((await say('sessions/clock-1/nothing', TRUE_START)).status).toBe(404);
  });
});
