import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reviewRun } from '../../test/fixtures/reviewed.js';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { putSession } from '../sessions/index.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DAYS = 15;
const TRAP = 'meadow-1';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({ env: { TRAPLINE_TIME_ZONE: 'UTC' } });
});
afterAll(() => api.close());

/** A day on which recording begins half an hour later than it is now. */
async function recordDay(startMs: number): Promise<void> {
  await putSession(api.catalog.db, {
    trapId: TRAP,
    sessionId: `s-${startMs}`,
    startMs,
    endMs: startMs + 120 * MINUTE,
    offsetMin: null,
    reportedMinutes: null,
    clockSuspect: false,
    clockShiftMs: null,
    payload: {},
    receivedAtMs: startMs,
    zoneRevision: null,
  });
  const run = { trapId: TRAP, runId: `run-${startMs}` };
  await seedRuns(api.catalog, [{ ...run, atMs: startMs + MINUTE }], false);
  await reviewRun(api.catalog, run, { verdict: 'relabel', label: 'wasp' });
}

const learning = async () => (await api.json('/api/v1/today')).learning;

describe('a page of the day that is open while a season is imported', () => {
  it('has learned as soon as enough days are there, also before dawn', async () => {
    expect(await learning()).toEqual({ days: 0, needed: 12 });
    const nowMs = Date.now();
    for (let day = 1; day <= 5; day += 1) await recordDay(nowMs - day * DAY + 30 * MINUTE);
    // Near midnight, one of these days is still to come.
    expect((await learning()).days).toBeGreaterThanOrEqual(4);
    for (let day = 6; day <= DAYS; day += 1) await recordDay(nowMs - day * DAY + 30 * MINUTE);
    expect(await learning()).toBeNull();
  });
});
