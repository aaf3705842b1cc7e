import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { DEFAULT_ACTIVITY_RULE } from '../../libs/domain/index.js';
import { type CatalogPlace, onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { updateRun } from '../../test/fixtures/run-rows.js';
import { type SeededRun, seedRuns } from '../../test/fixtures/seeded-runs.js';
import { oldestPoints } from '../outbox/index.js';
import { EffortRepository } from '../sessions/effort.repository.js';
import { putSession } from '../sessions/index.js';
import { StatsRepository } from '../stats/stats.repository.js';
import { updateTrap } from '../traps/index.js';
import { ActivityRepository } from './activity.repository.js';
import { TrapSeriesService } from './trap-series.service.js';
import { TrapWatchService } from './trap-watch.service.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday; the trap stands in Berlin, two hours ahead of UTC. */
const START = Date.UTC(2026, 5, 1);
const DAYS = 20;
const EVENT_MS = START + 18 * DAY_MS + 12 * HOUR_MS;
const NOW = START + DAYS * DAY_MS;
const TRAP = { trapId: 'meadow-1', zone: 'Europe/Berlin' };

/** Two visits in every hour from 6 to 18 UTC, and ten more in one of them. */
function visits(): SeededRun[] {
  const runs: SeededRun[] = [];
  for (let day = 0; day < DAYS; day += 1)
    for (let hour = 6; hour < 18; hour += 1)
      for (let i = 0; i < 2; i += 1)
        runs.push(visit(`d${day}h${hour}i${i}`, START + day * DAY_MS + hour * HOUR_MS + i * 60_000));
  return [...runs, ...event];
}
const visit = (runId: string, atMs: number): SeededRun => ({
  trapId: TRAP.trapId,
  runId,
  atMs,
  label: 'bee',
});
const event = Array.from({ length: 10 }, (_, i) => visit(`event-${i}`, EVENT_MS + i * 60_000));

const engines = await testEngines();

onEachEngine(engines, 'unusual activity', (engine) => {
  let place: CatalogPlace;
  let catalog: Catalog;
  beforeEach(async () => {
    place = await engine.place();
    catalog = await Catalog.open(place);
    await updateTrap(catalog.db, TRAP.trapId, { timeZone: TRAP.zone }, START);
    for (let day = 0; day < DAYS; day += 1) await putRecording(day);
  });
  afterEach(() => catalog.close());

  /** The camera records from 4 to 20 UTC. */
  const putRecording = (day: number) =>
    putSession(catalog.db, {
      trapId: TRAP.trapId,
      sessionId: `day-${day}`,
      startMs: START + day * DAY_MS + 4 * HOUR_MS,
      endMs: START + day * DAY_MS + 20 * HOUR_MS,
      offsetMin: 120,
      reportedMinutes: null,
      clockSuspect: false,
      payload: {},
      receivedAtMs: START + day * DAY_MS + 20 * HOUR_MS,
      zoneRevision: null,
      clockShiftMs: null,
    });
  const activity = () => new ActivityRepository(catalog);
  const series = () =>
    new TrapSeriesService(
      new StatsRepository(catalog, { timeZone: TRAP.zone }),
      new EffortRepository(catalog, { timeZone: TRAP.zone }),
    );
  const look = (nowMs = NOW, marksPoints = false) =>
    new TrapWatchService(catalog, activity(), series()).watch(
      TRAP,
      { rule: DEFAULT_ACTIVITY_RULE, marksPoints },
      nowMs,
    );
  const episodes = () => activity().listEpisodes({}, 100);
  const alerts = async () =>
    (await catalog.reader.selectFrom('outbox').selectAll().where('kind', '=', 'alert').execute()).map((row) =>
      JSON.parse(row.payload),
    );

  it('finds an event, announces it once, and is over after six quiet hours', async () => {
    await seedRuns(catalog, visits(), false);
    const during = await look(EVENT_MS + HOUR_MS);
    expect(during.map(({ change, episode }) => [change, episode.state, episode.group])).toEqual([
      ['opened', 'open', 'all'],
    ]);
    expect(await alerts()).toMatchObject([
      { state: 'opened', trap: 'meadow-1', group: 'all', count: 12, start: new Date(EVENT_MS).toISOString() },
    ]);
    expect(await look(EVENT_MS + HOUR_MS)).toEqual([]);
    expect((await look()).map(({ change }) => change)).toEqual(['closed']);
    expect(await look()).toEqual([]);
    const [row] = await activity().listHours({ fromMs: EVENT_MS, toMs: EVENT_MS + HOUR_MS }, 9);
    expect(row).toMatchObject({ visits: 12, effortMin: 60, state: 'judged', alarm: true });
    // 12 UTC is 14 o'clock in Berlin.
    expect(Number(row?.hour) % 24).toBe(14);
    expect(row?.expected).toBeGreaterThan(1.5);
    expect(row?.expected).toBeLessThan(3);
  });

  it('comes to the same with late data as with data in order', async () => {
    const all = visits();
    const late = all.filter((_, i) => i % 3 === 0);
    await seedRuns(
      catalog,
      all.filter((_, i) => i % 3 !== 0),
      false,
    );
    await look();
    await seedRuns(catalog, late, false);
    await look();
    const inSteps = await activity().listHours({}, 500);
    const found = (await episodes()).map(({ firstHour, lastHour, evidence }) => [
      firstHour,
      lastHour,
      evidence,
    ]);

    await catalog.db.deleteFrom('activity_hours').execute();
    await catalog.db.deleteFrom('episodes').execute();
    await look();
    expect(await activity().listHours({}, 500)).toEqual(inSteps);
    expect(
      (await episodes()).map(({ firstHour, lastHour, evidence }) => [firstHour, lastHour, evidence]),
    ).toEqual(found);
    expect(found).toHaveLength(1);
  });

  it('withdraws an episode, with the reason, when its visits turn out to be no insects', async () => {
    await seedRuns(catalog, visits(), false);
    await look();
    for (const run of event)
      await catalog.db.transaction().execute((tx) => updateRun(tx, run, { label: 'none_dirt', insect: 0 }));
    expect((await look()).map(({ change }) => change)).toEqual(['withdrawn']);
    expect(await episodes()).toMatchObject([
      { state: 'withdrawn', reason: expect.stringContaining('corrected') },
    ]);
    expect(await look()).toEqual([]);
  });

  it('takes hours without recording for missing, and learns before it judges', async () => {
    await seedRuns(catalog, visits(), false);
    await look();
    const night = await activity().listHours({ fromMs: NOW - DAY_MS, toMs: NOW - DAY_MS + 3 * HOUR_MS }, 9);
    expect(night).toEqual([]);
    const early = await activity().listHours({ fromMs: START, toMs: START + 5 * DAY_MS }, 500);
    expect(new Set(early.map(({ state }) => state))).toEqual(new Set(['learning']));
    expect(early.at(0)).toMatchObject({ days: 4, expected: null });
  });

  it('follows with hours and episodes when the trap turns out to stand in another zone', async () => {
    await seedRuns(catalog, visits(), false);
    await look();
    await updateTrap(catalog.db, TRAP.trapId, { ownZone: 'Asia/Tokyo' }, START);
    await look();
    const hours = await activity().listHours({}, 500);
    expect(hours.length).toBeGreaterThan(0);
    for (const { hour, startMs } of hours) expect(startMs).toBe((hour - 9) * HOUR_MS);
    const [episode] = await episodes();
    expect(episode?.startMs).toBe((Number(episode?.firstHour) - 9) * HOUR_MS);
    expect(await look()).toEqual([]);
  });

  it('marks the judged hours for the time series, where there are any', async () => {
    await seedRuns(catalog, visits(), false);
    await look(NOW, true);
    const marks = (await oldestPoints(catalog.reader, 2000)).filter(({ kind }) => kind === 'activity');
    const judged = await activity().listHours({ state: 'judged' }, 500);
    expect(marks).toHaveLength(judged.length);
    expect(judged.length).toBeGreaterThan(50);
  });
});
