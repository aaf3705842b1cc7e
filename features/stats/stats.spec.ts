import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { lockRun } from '../runs/index.js';
import { putSession } from '../sessions/index.js';
import { updateTrap } from '../traps/index.js';

const HOUR_MS = 3_600_000;
/** Midnight in Zurich, 22:00 in UTC. */
const JUNE_2 = Date.UTC(2026, 5, 1, 22);
const at = (hour: number, minute = 0) => JUNE_2 + hour * HOUR_MS + minute * 60_000;

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({ env: { TRAPLINE_TIME_ZONE: 'Europe/Zurich' } });
  for (const trapId of ['a', 'b', 'c']) await updateTrap(api.catalog.db, trapId, { state: 'online' }, JUNE_2);
  await visit('a', at(6, 10), 'bee');
  await visit('a', at(6, 20), 'bee', { unsure: 1 });
  await visit('a', at(7, 5), 'fly');
  await visit('a', at(7, 6), 'none_dirt', { insect: 0 });
  await visit('a', at(23, 59), 'bee');
  await visit('a', at(24, 1), 'bee');
  await visit('b', at(6, 30), 'fly');
  await visit('b', at(6, 31), null);
  await session('a', 'day', at(6), at(10));
  await session('b', 'day', at(6), at(8), 60);
});
afterAll(() => api.close());

const csv = async (query: string) => (await api.get(`/api/v1/stats/counts.csv?${query}`)).text();

describe('counts as CSV', () => {
  it('have the rows of the JSON, with the effort where it is known', async () => {
    expect(await csv('by=label')).toBe(
      'label,visits,crops,unsure,nameEn,nameDe\nbee,4,40,1,,\nfly,2,20,0,,\n',
    );
    const { items } = await api.json('/api/v1/stats/counts?by=trap,day');
    const [header, ...lines] = (await csv('by=trap,day')).trim().split('\n');
    expect(header).toBe('trap,day,visits,crops,unsure,effortMinutes,visitsPerHour');
    expect(lines).toEqual(
      items.map((item: Record<string, unknown>) =>
        header
          ?.split(',')
          .map((name) => item[name] ?? '')
          .join(','),
      ),
    );
    expect(await csv('by=trap,day&excel=true')).toMatch(/^trap;day;visits/m);
  });
});

let visits = 0;
async function visit(
  trapId: string,
  atMs: number,
  label: string | null,
  { insect = 1, unsure = 0 }: { insect?: 0 | 1; unsure?: 0 | 1 } = {},
) {
  visits += 1;
  const run = { trapId, runId: `run-${visits}` };
  await lockRun(api.catalog.db, run, JUNE_2);
  const verdict =
    label === null ? {} : { model: 'm', label, insect, unsure, probability: 0.9, taxon_group: 'all' };
  await updateRun(api.catalog.db, run, { at_ms: atMs, stored_crops: 10, ...verdict });
}

const session = (
  trapId: string,
  sessionId: string,
  startMs: number,
  endMs: number | null,
  minutes: number | null = null,
) =>
  putSession(api.catalog.db, {
    trapId: trapId,
    sessionId: sessionId,
    startMs: startMs,
    endMs: endMs,
    offsetMin: 120,
    reportedMinutes: minutes,
    clockSuspect: false,
    payload: {},
    receivedAtMs: startMs,
    zoneRevision: null,
    clockShiftMs: null,
  });

const counts = (query = '') => api.json(`/api/v1/stats/counts${query}`);

describe('the counts', () => {
  it('are of insects, by label, unless something else is asked', async () => {
    const { by, insectsOnly, items, totals } = await counts();
    expect([by, insectsOnly]).toEqual([['label'], true]);
    expect(items).toEqual([
      { label: 'bee', visits: 4, crops: 40, unsure: 1 },
      { label: 'fly', visits: 2, crops: 20, unsure: 0 },
    ]);
    expect(totals).toMatchObject({
      visits: 6,
      crops: 60,
      unsure: 1,
      notInsects: { visits: 1, crops: 10 },
      unclassified: { visits: 1, crops: 10 },
    });
  });

  it('are of all runs where that is asked', async () => {
    const { items, totals } = await counts('?insectsOnly=false');
    expect(items.map((item: { label: string; visits: number }) => [item.label, item.visits])).toEqual([
      [null, 1],
      ['bee', 4],
      ['fly', 2],
      ['none_dirt', 1],
    ]);
    expect(totals.visits).toBe(8);
  });

  it('are as many as the list of runs has with the same filter', async () => {
    for (const filter of [
      'trap=a',
      'label=bee',
      'unsure=true',
      'from=2026-06-02T05:00:00Z',
      'group=all&reviewed=false',
    ]) {
      const listed = await api.json(`/api/v1/runs?limit=500&insectsOnly=true&${filter}`);
      expect([filter, (await counts(`?${filter}`)).totals.visits]).toEqual([filter, listed.items.length]);
    }
  });

  it('fall into the days, weeks and months of the trap', async () => {
    const { items } = await counts('?by=day,label');
    expect(items.map((item: object) => Object.values(item).slice(0, 3))).toEqual([
      ['bee', '2026-06-02', 3],
      ['bee', '2026-06-03', 1],
      ['fly', '2026-06-02', 2],
    ]);
    expect((await counts('?by=week,month,group')).items).toMatchObject([
      { group: 'all', month: '2026-06', week: '2026-W23', visits: 6 },
    ]);
  });

  it.each(['', 'bee', 'label,label', 'label,', 'label, hour', 'hour;day'])(
    'are not made by "%s"',
    async (by) => {
      const answer = await api.get(`/api/v1/stats/counts?by=${encodeURIComponent(by)}`);
      expect([answer.status, ((await answer.json()) as { errors: object[] }).errors]).toEqual([
        400,
        [expect.objectContaining({ field: 'by' })],
      ]);
    },
  );
});

describe('the effort', () => {
  it('stands beside the visits of each hour of a trap, also where none came', async () => {
    const { items } = await counts('?by=trap,hour&trap=a&to=2026-06-02T12:00:00Z');
    expect(items).toEqual([
      { trap: 'a', hour: 6, visits: 2, crops: 20, unsure: 1, effortMinutes: 60, visitsPerHour: 2 },
      { trap: 'a', hour: 7, visits: 1, crops: 10, unsure: 0, effortMinutes: 60, visitsPerHour: 1 },
      { trap: 'a', hour: 8, visits: 0, crops: 0, unsure: 0, effortMinutes: 60, visitsPerHour: 0 },
      { trap: 'a', hour: 9, visits: 0, crops: 0, unsure: 0, effortMinutes: 60, visitsPerHour: 0 },
    ]);
  });

  it('is the sum of the traps, by the minutes that they say', async () => {
    const { items } = await counts('?by=hour&to=2026-06-02T12:00:00Z');
    expect(items[0]).toEqual({
      hour: 6,
      visits: 3,
      crops: 30,
      unsure: 1,
      effortMinutes: 90,
      visitsPerHour: 2,
    });
  });

  it('is not known where a trap has visits and no session', async () => {
    await visit('c', at(8, 30), 'bee');
    const { items, totals } = await counts('?by=hour&to=2026-06-02T12:00:00Z');
    expect(
      items.map((item: { hour: number; effortMinutes: number | null }) => [item.hour, item.effortMinutes]),
    ).toEqual([
      [6, 90],
      [7, 90],
      [8, null],
      [9, 60],
    ]);
    expect(totals).toMatchObject({ effortMinutes: null, visitsPerHour: null });
  });

  it('is that of the time that was asked for', async () => {
    const { totals } = await counts('?trap=a&from=2026-06-02T04:30:00Z&to=2026-06-02T05:15:00Z');
    expect(totals).toMatchObject({ visits: 1, effortMinutes: 45, visitsPerHour: 1.33 });
  });

  it('goes on until the last message of a trap that records still', async () => {
    await updateTrap(api.catalog.db, 'd', { lastMessageAtMs: at(12, 15) }, JUNE_2);
    await session('d', 'now', at(11), null);
    expect((await counts('?by=trap,hour&trap=d')).items).toMatchObject([
      { hour: 11, effortMinutes: 60 },
      { hour: 12, effortMinutes: 15 },
    ]);
  });

  it('is not told by label', async () => {
    for (const item of (await counts('?by=label,hour')).items)
      expect(item).not.toHaveProperty('effortMinutes');
  });
});
