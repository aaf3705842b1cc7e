import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../libs/database/index.js';
import { deploymentOf, type ObservedRun, readTrapTime, withDetails } from '../../libs/domain/index.js';
import { type CatalogPlace, onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { storeCrops } from '../crops/index.js';
import { findRun, lockRun, putManifest, saveRun } from '../runs/index.js';
import { findSession, putSession } from '../sessions/index.js';
import { deploy } from '../traps/deployments/place-trap.js';
import { putTelemetry, takeInfo, zonesOf } from '../traps/index.js';
import { setTrap, type TrapInfo } from '../traps/trap-edit.js';
import { lockTrap } from '../traps/traps.repository.js';
import { rereadTimes } from './reread-times.js';

const engines = await testEngines();
const RECEIVED = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const at = (hour: number, minute = 0) => Date.UTC(2026, 5, 1, hour, minute);
const text = (hour: number, minute = 0) => new Date(at(hour, minute)).toISOString().slice(0, 19);

onEachEngine(engines, 'times without a zone', (engine) => {
  let place: CatalogPlace;
  let catalog: Catalog;
  beforeEach(async () => {
    place = await engine.place();
    catalog = await Catalog.open(place);
  });
  afterEach(() => catalog.close());

  const says = (info: TrapInfo, nowMs = RECEIVED) =>
    catalog.db.transaction().execute((tx) => takeInfo(tx, 't1', info, nowMs));
  const editorSays = (timeZone: string | null) =>
    catalog.db.transaction().execute((tx) => setTrap(tx, 't1', { timeZone }, RECEIVED));
  const rereadAll = async (marksPoints = false) => {
    let steps = 0;
    while (await rereadTimes(catalog, 'UTC', marksPoints)) steps += 1;
    return steps;
  };

  /** As the ingest takes a message of a run. */
  const run = (runId: string, start: string, receivedAtMs = RECEIVED) =>
    catalog.db.transaction().execute(async (tx) => {
      const zones = await zonesOf(tx, 't1');
      const time = readTrapTime(start, zones, 'UTC', receivedAtMs);
      const row = await lockRun(tx, { trapId: 't1', runId }, receivedAtMs);
      const zoneRevision = time?.naive ? zones.revision : undefined;
      const fields = withDetails(row, { start: time, zoneRevision }, receivedAtMs);
      await saveRun(tx, { trapId: 't1', runId }, fields);
    });
  const reading = async (sent: string, receivedAtMs = RECEIVED) => {
    const zones = await zonesOf(catalog.db, 't1');
    const time = readTrapTime(sent, zones, 'UTC', receivedAtMs);
    await putTelemetry(
      catalog.db,
      {
        trapId: 't1',
        atMs: time?.utcMs as number,
        clockSuspect: time?.clockSuspect === true,
        payload: { v: 1, at: sent },
        receivedAtMs: receivedAtMs,
      },
      time?.naive ? zones.revision : null,
    );
  };
  const readings = async () =>
    (await catalog.db.selectFrom('telemetry').selectAll().orderBy('at_ms').execute()).map((row) => [
      row.at_ms,
      JSON.parse(row.payload).at,
    ]);
  const startOf = async (runId: string) => {
    const row = await findRun(catalog.db, { trapId: 't1', runId });
    return [row?.startMs, row?.startOffsetMin, row?.placeMs];
  };

  it('follow the zone of the trap, whether it says it itself or an editor does', async () => {
    await run('r1', text(10));
    expect(await startOf('r1')).toEqual([at(10), 0, at(10)]);
    expect(await rereadAll()).toBe(0);
    await says({ timeZone: 'Europe/Berlin' });
    await rereadAll();
    expect(await startOf('r1')).toEqual([at(8), 120, at(8)]);
    await editorSays('America/Lima');
    await rereadAll();
    expect(await startOf('r1')).toEqual([at(15), -300, at(15)]);
    await editorSays(null);
    await rereadAll();
    expect(await startOf('r1')).toEqual([at(8), 120, at(8)]);
    expect(await rereadAll()).toBe(0);
  });

  it('are those only that came without one', async () => {
    await run('sent', '2026-06-01T10:00:00+05:00');
    await run('none', text(10));
    await says({ timeZone: 'Europe/Berlin' });
    await rereadAll();
    expect(await startOf('sent')).toEqual([at(5), 300, at(5)]);
    expect(await startOf('none')).toEqual([at(8), 120, at(8)]);
  });

  it('follow in the manifest and in sessions, too', async () => {
    const [trapId, runId] = ['t1', 'r1'];
    await run(runId, '2026-06-01T10:00:00Z');
    await catalog.db.updateTable('runs').set({ zone_revision: 0 }).execute();
    await putManifest(catalog.db, { trapId, runId }, [
      { trapId, runId, cropId: 'a', atMs: at(10), entry: { crop: 'a', at: text(10) } },
      { trapId, runId, cropId: 'b', atMs: at(10), entry: { crop: 'b', at: '2026-06-01T10:00:00Z' } },
    ]);
    await putSession(catalog.db, {
      trapId: trapId,
      sessionId: 's1',
      startMs: at(10),
      endMs: at(11),
      offsetMin: 0,
      reportedMinutes: null,
      clockSuspect: false,
      payload: { v: 1, start: text(10), end: text(11) },
      receivedAtMs: RECEIVED,
      zoneRevision: 0,
      clockShiftMs: null,
    });
    await says({ timeZone: 'Europe/Berlin' });
    await rereadAll();
    const detections = await catalog.db
      .selectFrom('detections')
      .select(['at_ms'])
      .orderBy('crop_id')
      .execute();
    expect(detections.map(({ at_ms }) => at_ms)).toEqual([at(8), at(10)]);
    expect(await findSession(catalog.db, trapId, 's1')).toMatchObject({
      startMs: at(8),
      endMs: at(9),
      offsetMin: 120,
    });
  });

  it('leave the folder where pictures lie as it is', async () => {
    const late = '2026-05-31T23:30:00';
    await run('empty', late);
    await run('filled', late);
    await catalog.db.transaction().execute((tx) => storeCrops(tx, [newCrop('c', { runId: 'filled' })], 1));
    await says({ timeZone: 'America/Lima' });
    await editorSays('Asia/Tokyo');
    await rereadAll();
    const dayOf = async (runId: string) => (await findRun(catalog.db, { trapId: 't1', runId }))?.day;
    expect([await dayOf('empty'), await dayOf('filled')]).toEqual(['2026-05-31', '2026-05-31']);
    expect((await startOf('filled'))[1]).toBe(540);
  });

  it('are read again in steps, each of which may be the last of its process', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `r${i}`);
    for (const id of ids) await run(id, text(10));
    await says({ timeZone: 'Europe/Berlin' });
    expect(await rereadTimes(catalog, 'UTC', false)).toBe(true);
    const offsets = async () =>
      (await Promise.all(ids.map(startOf))).filter(([, offset]) => offset === 120).length;
    const first = await offsets();
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(ids.length);
    await catalog.close();
    catalog = await Catalog.open(place);
    await rereadAll();
    expect(await offsets()).toBe(ids.length);
  });

  it('are not missed where a message was read before the zone was known, and written behind it', async () => {
    await run('r1', text(10));
    const before = await findRun(catalog.db, { trapId: 't1', runId: 'r1' });
    await says({ timeZone: 'Europe/Berlin' });
    await rereadAll();
    const { startMs, startOffsetMin, placeMs, zoneRevision } = before as ObservedRun;
    await saveRun(
      catalog.db,
      { trapId: 't1', runId: 'r1' },
      { startMs, startOffsetMin, placeMs, zoneRevision },
    );
    await rereadAll();
    expect(await startOf('r1')).toEqual([at(8), 120, at(8)]);
  });

  it.each([
    ['earlier', 'Europe/Berlin', -120],
    ['later', 'America/Lima', 300],
  ])(
    'of readings one behind the other all move to %s times, and none is lost',
    async (_way, timeZone, byMin) => {
      const sent = Array.from({ length: 250 }, (_, i) => text(0, i * 2));
      for (const each of sent) await reading(each);
      await reading('2026-06-01T00:01:00Z');
      await says({ timeZone });
      await rereadAll(true);
      const expected = sent.map((each) => [Date.parse(`${each}Z`) + byMin * MINUTE, each]);
      const zoned = [at(0, 1), '2026-06-01T00:01:00Z'];
      expect(await readings()).toEqual([...expected, zoned].sort(([a], [b]) => Number(a) - Number(b)));
      const taken = new Set(expected.map(([atMs]) => String(atMs)));
      const left = sent.map((each) => String(Date.parse(`${each}Z`)));
      const queued = await catalog.db
        .selectFrom('points')
        .select('item')
        .where('kind', '=', 'reading')
        .execute();
      expect(new Set(queued.map(({ item }) => item))).toEqual(new Set([...taken, ...left]));
    },
  );

  it('change the judgement on a clock only where the zone makes the difference', async () => {
    const received = at(12);
    await run('ahead', '2026-06-02T13:00:00', received);
    await run('years', '2071-06-02T13:00:00', received);
    const suspect = async () =>
      Promise.all(
        ['ahead', 'years'].map(
          async (runId) => (await findRun(catalog.db, { trapId: 't1', runId }))?.clockSuspect,
        ),
      );
    expect(await suspect()).toEqual([true, true]);
    await says({ timeZone: 'Europe/Berlin' });
    await rereadAll();
    expect(await suspect()).toEqual([false, true]);
  });

  it('keep the zone of the place where they were when the trap is carried into another one', async () => {
    await says({ timeZone: 'Europe/Berlin', latitude: 52.5, longitude: 13.4 });
    await run('there', text(10));
    await says({ timeZone: 'Europe/London', latitude: 51.5, longitude: 0 }, RECEIVED);
    await run('late', text(11));
    await run('here', '2026-06-01T15:00:00', at(15));
    await rereadAll();
    expect(await startOf('there')).toEqual([at(8), 120, at(8)]);
    expect(await startOf('late')).toEqual([at(9), 120, at(9)]);
    expect(await startOf('here')).toEqual([at(14), 60, at(14)]);
  });

  it('are read in the zone of the deployment that an editor sets for their time', async () => {
    await says({ timeZone: 'Europe/Berlin' });
    await run('then', text(10));
    await run('now', '2026-06-20T10:00:00');
    await catalog.db.transaction().execute(async (tx) => {
      await lockTrap(tx, 't1', RECEIVED);
      const times = { startMs: Date.UTC(2026, 4, 1), endMs: Date.UTC(2026, 5, 10) };
      const lima = { trapId: 't1', deploymentId: 'lima', ...times, source: 'editor' as const, place: null };
      await deploy(tx, { ...deploymentOf(lima), timeZone: 'America/Lima' }, RECEIVED);
    });
    await rereadAll();
    expect((await startOf('then'))[1]).toBe(-300);
    expect((await startOf('now'))[1]).toBe(120);
  });

  it('follow the start of a deployment without a zone in the night when clocks go back, and no other move', async () => {
    const revision = async () => (await zonesOf(catalog.db, 't1')).revision;
    const begins = (startMs: number) =>
      catalog.db.transaction().execute(async (tx) => {
        await lockTrap(tx, 't1', RECEIVED);
        const times = { trapId: 't1', deploymentId: 'd1', startMs, endMs: null };
        await deploy(tx, deploymentOf({ ...times, source: 'editor', place: null }), RECEIVED);
      });
    const secondPass = Date.parse('2025-10-26T02:20:00+01:00');
    const firstPass = Date.parse('2025-10-26T02:20:00+02:00');
    await says({ timeZone: 'Europe/Berlin' });
    await run('r1', '2025-10-26T02:20:00');
    const before = await revision();
    await begins(at(1));
    await begins(at(2));
    expect(await revision()).toBe(before);
    await begins(secondPass - 5 * MINUTE);
    await rereadAll();
    expect(await startOf('r1')).toEqual([secondPass, 60, secondPass]);
    await begins(firstPass - 5 * MINUTE);
    await rereadAll();
    expect(await startOf('r1')).toEqual([firstPass, 120, firstPass]);
  });
});
