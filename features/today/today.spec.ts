import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { offsetMinAt } from '../../libs/domain/index.js';
import { reviewRun } from '../../test/fixtures/reviewed.js';
import { type SeededRun, seedRuns } from '../../test/fixtures/seeded-runs.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { putSession } from '../sessions/index.js';
import { updateTrap } from '../traps/index.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = 'Europe/Berlin';
/** The wall clock of Berlin in summer. */
const AHEAD = 2 * HOUR;
/** A day that is long over, so that "up to now" means all of it. */
const JUNE_30 = Date.UTC(2026, 5, 30) - AHEAD;

let api: SmallApi;
let runs = 0;
beforeAll(async () => {
  api = await openSmallApi({ env: { TRAPLINE_TIME_ZONE: ZONE }, modelFolders: ['models'] });
  // Answers hold the names that are known by then: a search waits until all cards are read.
  await api.json('/api/v1/taxa?q=Apis');
});
afterAll(() => api.close());

const today = (query = '') => api.json(`/api/v1/today${query}`);
const run = (trapId: string, atMs: number, more: Partial<SeededRun> = {}): SeededRun => {
  runs += 1;
  return { trapId, runId: `run-${runs}`, atMs, ...more };
};
const session = (trapId: string, startMs: number, hours: number) =>
  putSession(api.catalog.db, {
    trapId,
    sessionId: `s-${startMs}`,
    startMs,
    endMs: startMs + hours * HOUR,
    offsetMin: null,
    reportedMinutes: null,
    clockSuspect: false,
    clockShiftMs: null,
    payload: {},
    receivedAtMs: startMs,
    zoneRevision: null,
  });

describe('a station to which nothing has come', () => {
  it('says so', async () => {
    expect(await today()).toMatchObject({
      isToday: true,
      timeZone: ZONE,
      everReceived: false,
      modelActive: false,
      demoModel: false,
      learning: { days: 0, needed: 12 },
      visits: { count: 0, usual: null },
      headline: { kind: 'nothing-recorded' },
      history: { days: 0, needed: 12 },
      call: { questions: 0, thumbnails: [] },
      traps: { never: 1, online: 0 },
      newest: [],
    });
  });

  it.each(['2026-02-30', '26-1-1', 'today', '2026-06-01T00:00:00Z'])(
    'takes no date like %s',
    async (date) => {
      const answer = await api.get(`/api/v1/today?date=${date}`);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({
          errors: [{ field: 'date', message: 'must be a date such as 2026-06-01' }],
        }),
      ]);
    },
  );
});

describe('a day that is over', () => {
  beforeAll(async () => {
    const seeded: SeededRun[] = [];
    // 1 to 21 visits on the days before, in one hour from 10; on the day itself 30 in half an hour.
    for (let back = 21; back >= 1; back -= 1) {
      const ten = JUNE_30 - back * DAY + 10 * HOUR;
      await session('a', ten, 1);
      for (let i = 0; i < back; i += 1)
        seeded.push(run('a', ten + i * 60_000, { label: 'honeybee', taxon: 'Apis mellifera' }));
    }
    await session('a', JUNE_30 + 10 * HOUR, 0.5);
    for (let i = 0; i < 30; i += 1)
      seeded.push(run('a', JUNE_30 + 10 * HOUR + i * 10_000, { label: 'honeybee', taxon: 'Apis mellifera' }));
    seeded.push(run('a', JUNE_30 + 23.9 * HOUR, { label: 'moth' }));
    seeded.push(run('a', JUNE_30 - 1, { label: 'moth' }));
    seeded.push(run('a', JUNE_30 + DAY, { label: 'moth' }));
    seeded.push(run('a', JUNE_30 + HOUR, { label: 'none_dirt', insect: false }));
    seeded.push(run('b', JUNE_30 + HOUR, { label: 'wasp' }));
    seeded.push(run('a', -5, { label: 'wasp' }));
    await seedRuns(api.catalog, seeded, false);
    await updateTrap(api.catalog.db, 'a', { lastMessageAtMs: JUNE_30 + DAY }, JUNE_30);
  });

  it('is the local one, with visits scaled to the same recorded time', async () => {
    const day = await today('?date=2026-06-30&trap=a');
    expect(day).toMatchObject({
      date: '2026-06-30',
      from: '2026-06-29T22:00:00.000Z',
      to: '2026-06-30T22:00:00.000Z',
      until: '24:00',
      isToday: false,
      // Of 1 to 21 visits, of which one day has one more, in twice the time: 1.5, 5.5 and 9.5.
      visits: { count: 31, usual: { low: 1, median: 6, high: 10 } },
      kinds: { count: 2, usual: { low: 1, median: 1, high: 1 } },
      notInsects: 1,
      timeUnknown: 1,
      effort: { minutes: 30, usualMinutes: 60, traps: 1 },
      history: { days: 21, needed: 12 },
      headline: { kind: 'more' },
      learning: null,
      nowHour: null,
      moreTaxa: { kinds: 0, visits: 0 },
    });
    expect(day.taxa).toEqual([
      expect.objectContaining({
        label: 'honeybee',
        taxon: 'Apis mellifera',
        names: { en: 'Western honey bee', de: 'Westliche Honigbiene' },
        visits: 30,
        usual: { low: 1, median: 6, high: 10 },
      }),
      expect.objectContaining({ label: 'moth', visits: 1, usual: { low: 0, median: 0, high: 0 } }),
    ]);
    expect(day.hours[10]).toEqual({
      hour: 10,
      visits: 30,
      minutes: 30,
      expected: 5.5,
      low: 1,
      high: 10,
      unusual: false,
    });
    expect(day.hours[23]).toMatchObject({ visits: 1, minutes: 0, expected: null, low: null });
    expect(day.newest).toHaveLength(18);
  });

  it('counts all traps where none is named', async () => {
    expect((await today('?date=2026-06-30')).visits.count).toBe(32);
  });

  it('has no usual range before there are twelve days', async () => {
    expect(await today('?date=2026-06-20&trap=a')).toMatchObject({
      visits: { count: 10, usual: null },
      history: { days: 11 },
      headline: { kind: 'learning' },
    });
  });
});

describe('the present day', () => {
  it('is compared up to the same time of day only', async () => {
    const now = Date.now();
    const seeded: SeededRun[] = [];
    for (let back = 0; back <= 21; back += 1) {
      // Also on the days when the clocks change, the same time on the wall is an hour off at most.
      await session('c', now - back * DAY - 2 * HOUR, 4);
      seeded.push(run('c', now - back * DAY - 90 * 60_000, { label: 'honeybee' }));
      if (back > 0) for (let i = 0; i < 5; i += 1) seeded.push(run('c', now - back * DAY + 90 * 60_000));
    }
    await seedRuns(api.catalog, seeded, false);
    await updateTrap(api.catalog.db, 'c', { lastMessageAtMs: now, state: 'online' }, now);
    const day = await today('?trap=c');
    const isPastHalfOne = new Date(now + AHEAD).getUTCHours() >= 4;
    if (isPastHalfOne && now % DAY < 20 * HOUR)
      expect(day.visits).toEqual({ count: 1, usual: { low: 1, median: 1, high: 1 } });
    expect(day.traps).toMatchObject({ online: 1, silent: 0 });
  });

  it('counts also what a trap whose clock is ahead dates some minutes from now', async () => {
    const now = Date.now();
    const minutesLeft = Math.floor((DAY - ((now + offsetMinAt(now, ZONE) * 60_000) % DAY)) / 60_000);
    await seedRuns(
      api.catalog,
      [run('ahead', now + Math.min(3, minutesLeft / 2) * 60_000, { label: 'honeybee' })],
      false,
    );
    expect((await today('?trap=ahead')).visits.count).toBe(1);
  });

  it('shows the newest insects of earlier days, where it has few of its own', async () => {
    const earlier = run('early', Date.now() - 3 * DAY, { label: 'wasp' });
    await seedRuns(api.catalog, [earlier], false);
    expect((await today('?trap=early')).newest).toMatchObject([{ runId: earlier.runId }]);
  });

  it('counts what waits for a person, until somebody has looked at it', async () => {
    const now = Date.now();
    const uncertain = run('d', now - HOUR, { label: 'wasp' });
    await seedRuns(api.catalog, [uncertain], false);
    await api.catalog.db
      .updateTable('runs')
      .set({ unsure: 1 })
      .where('run_id', '=', uncertain.runId)
      .execute();
    const before = (await today('?trap=d')).call;
    expect(before).toMatchObject({ questions: 1, uncertain: 1, minutes: 1 });
    const { items } = await api.json(`/api/v1/runs?${before.filter}`);
    expect(items.map(({ runId }: { runId: string }) => runId)).toEqual([uncertain.runId]);
    await reviewRun(api.catalog, uncertain, { verdict: 'relabel', label: 'wasp' });
    const after = await today('?trap=d');
    expect(after).toMatchObject({ call: { questions: 0 } });
    expect((await api.json(`/api/v1/runs?${before.filter}`)).items).toEqual([]);
  });
});

describe('filters of runs for the pages', () => {
  it('find first sightings, and the evidence of an episode', async () => {
    const { db } = api.catalog;
    const at = Date.UTC(2026, 4, 1, 10);
    const [first, early, inside, other] = [
      run('e', at, { label: 'moth', taxon: 'Noctua pronuba' }),
      run('e', at - 3 * HOUR),
      run('e', at + HOUR),
      run('e', at + HOUR, { insect: false }),
    ];
    await seedRuns(api.catalog, [first, early, inside, other] as SeededRun[], false);
    await db
      .insertInto('first_sightings')
      .values({
        id: 'e.Noctua_pronuba',
        trap_id: 'e',
        taxon: 'Noctua pronuba',
        rank: 'species',
        taxon_group: 'moths',
        kind: 'ever',
        run_id: (first as SeededRun).runId,
        at_ms: at,
        last_before_ms: null,
        first_anywhere: 1,
        state: 'standing',
        announced: 1,
        reason: null,
        noted_at: at,
        changed_at: at,
      })
      .execute();
    await db
      .insertInto('episodes')
      .values({
        id: 'e.all.1',
        trap_id: 'e',
        taxon_group: 'all',
        first_hour: 1,
        last_hour: 2,
        start_ms: at,
        end_ms: at + 2 * HOUR,
        state: 'open',
        reason: null,
        evidence: JSON.stringify([
          { hour: 34, count: 5, expected: 0.1, upper: 2, score: 2.5, pHigh: 0.0001 },
        ]),
        opened_at: at,
        changed_at: at,
      })
      .execute();
    const ids = async (query: string) =>
      (await api.json(`/api/v1/runs?trap=e&${query}`)).items.map(({ runId }: { runId: string }) => runId);
    expect(await ids('firstSighting=true')).toEqual([first?.runId]);
    expect(await ids('firstSighting=false')).toHaveLength(3);
    expect(await ids('episode=e.all.1')).toEqual([inside?.runId, first?.runId]);
    expect(await ids('episode=nothing')).toEqual([]);
    expect(await ids('attention=true')).toEqual([inside?.runId, first?.runId]);
    const day = await today('?date=2026-05-01&trap=e');
    expect(day.episodes).toMatchObject([{ id: 'e.all.1', state: 'open' }]);
    expect(day.firstSightings).toMatchObject([{ taxon: 'Noctua pronuba', runId: first?.runId }]);
  });
});
