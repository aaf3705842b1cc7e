import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JUNE_1 } from '../../../test/fixtures/filled-api.js';
import { bodyOf, type Key, openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { lockRun } from '../../runs/index.js';
import { takeInfo } from '../trap-edit.js';
import { touchTraps } from '../traps.repository.js';

const PLACE = { latitude: 47.12345, longitude: 8.54321 };

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
});
afterAll(() => api.close());

function send(method: string, path: string, body?: object, as: Key = 'editor'): Promise<Response> {
  const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return api.get(`/api/v1/traps/${path}`, { method, as, ...json });
}
const put = (path: string, body: object, as?: Key) => send('PUT', path, body, as);
const trap = (trapId: string, as: Key = 'editor') => api.json(`/api/v1/traps/${trapId}`, { as });
const says = (trapId: string, info: object) =>
  api.catalog.db.transaction().execute((tx) => takeInfo(tx, trapId, info, JUNE_1));

describe('what an editor says of a trap', () => {
  it('is taken before the trap has spoken', async () => {
    const answer = await put('new-1', {
      name: 'New',
      timeZone: 'Europe/Zurich',
      place: PLACE,
      notes: 'a\nb',
    });
    expect(answer.status).toBe(200);
    expect(await bodyOf(answer)).toMatchObject({
      trapId: 'new-1',
      name: 'New',
      timeZone: 'Europe/Zurich',
      place: { ...PLACE, exact: true },
      notes: 'a\nb',
      lastMessageAt: null,
      deployments: [{ deploymentId: 'd1', saidBy: 'editor', end: null }],
    });
  });

  it('holds, whatever the trap says later, and is left to the trap by null', async () => {
    await says('stubborn-1', { name: 'unit 7', ...PLACE });
    await put('stubborn-1', { name: 'Meadow', place: { latitude: 1, longitude: 2, uncertaintyM: 5 } });
    await says('stubborn-1', { name: 'unit 7', ...PLACE });
    expect(await trap('stubborn-1')).toMatchObject({ name: 'Meadow', place: { latitude: 1 } });
    await put('stubborn-1', { name: null, place: null });
    expect(await trap('stubborn-1')).toMatchObject({ name: 'unit 7', place: PLACE });
  });

  it('keeps what it leaves out', async () => {
    await put('kept-1', { name: 'Kept', notes: 'n' });
    await put('kept-1', { place: PLACE });
    expect(await trap('kept-1')).toMatchObject({ name: 'Kept', notes: 'n', place: PLACE });
  });

  it('is kept from viewers where it tells a place', async () => {
    await put('shy-1', { place: { ...PLACE, uncertaintyM: 10 }, notes: 'at 47.12345' });
    await put('shy-1/deployments/d2', {
      start: '2026-01-01',
      place: PLACE,
      notes: '47.12345',
      setUpBy: 'R. Muster',
    });
    for (const path of ['shy-1', 'shy-1/deployments/d2'])
      expect(await (await api.get(`/api/v1/traps/${path}`)).text()).not.toMatch(/47\.12|8\.54|Muster/);
    const [latest] = (await trap('shy-1', 'viewer')).deployments;
    expect(latest).toMatchObject({
      place: { latitude: 47.1, longitude: 8.5, exact: false },
      uncertaintyM: 15_721,
    });
  });

  it.each([
    [{ place: { latitude: 91, longitude: 0 } }, 'place.latitude'],
    [{ place: { latitude: 1 } }, 'place.longitude'],
    [{ timeZone: '+05:30' }, 'timeZone'],
    [{ name: '' }, 'name'],
    [{ nom: 'x' }, 'nom'],
  ])('is refused where it is %j', async (body, field) => {
    const answer = await put('bad-1', body);
    expect(answer.status).toBe(400);
    const { errors } = await bodyOf(answer);
    expect(errors[0].field).toBe(field);
    if (field === 'nom') expect(errors[0].message).toBe('is not a field of this body');
    expect((await send('GET', 'bad-1')).status).toBe(404);
  });

  it('needs an editor', async () => {
    expect((await put('new-1', { name: 'x' }, 'viewer')).status).toBe(403);
    expect((await put('new-1/deployments/a', { start: '2026-01-01' }, 'viewer')).status).toBe(403);
    expect((await send('DELETE', 'new-1/deployments/d1', undefined, 'viewer')).status).toBe(403);
  });
});

describe('a deployment', () => {
  it('is made, replaced whole, shown and deleted', async () => {
    await put('moved-1', {});
    const body = {
      start: '2026-04-01T08:00:00+02:00',
      end: '2026-05-01',
      place: { ...PLACE, uncertaintyM: 10 },
      timeZone: 'Europe/Zurich',
      name: 'Mill',
      locationId: 'mill',
      cameraHeightM: 0.6,
      cameraTiltDeg: -90,
      habitat: 'meadow',
      bait: false,
    };
    const made = await put('moved-1/deployments/spring', body);
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({
      ...body,
      start: '2026-04-01T06:00:00.000Z',
      end: '2026-05-01T00:00:00.000Z',
      place: { ...PLACE, exact: true },
      uncertaintyM: 10,
      saidBy: 'editor',
      notes: null,
    });
    const again = await put('moved-1/deployments/spring', { start: '2026-04-02' });
    expect([again.status, (await bodyOf(again)).name]).toEqual([200, null]);
    expect((await send('DELETE', 'moved-1/deployments/spring')).status).toBe(204);
    for (const method of ['GET', 'DELETE'])
      expect((await send(method, 'moved-1/deployments/spring')).status).toBe(404);
  });

  it('ends the one before it that is still open, and gives the trap its place and time zone', async () => {
    await put('moves-2', { place: PLACE, timeZone: 'Europe/Zurich' });
    const next = { start: '2026-06-01T00:00:00Z', place: { latitude: 1, longitude: 2 }, timeZone: 'UTC' };
    await put('moves-2/deployments/next', next);
    const { deployments, place, timeZone } = await trap('moves-2');
    expect(deployments).toMatchObject([
      { deploymentId: 'next', end: null },
      { deploymentId: 'd1', end: '2026-06-01T00:00:00.000Z' },
    ]);
    expect([place, timeZone]).toEqual([{ latitude: 1, longitude: 2, exact: true }, 'UTC']);
  });

  it('has no length of zero where the next one begins before anything is known of the trap', async () => {
    await put('moves-3', { place: PLACE });
    await put('moves-3/deployments/summer', { start: '2026-06-01' });
    expect((await put('moves-3/deployments/may', { start: '2026-05-01', end: '2026-05-20' })).status).toBe(
      201,
    );
    expect((await trap('moves-3')).deployments).toMatchObject([
      { deploymentId: 'summer', start: '2026-06-01T00:00:00.000Z', end: null },
      { deploymentId: 'd2', start: '2026-05-20T00:00:00.000Z', end: '2026-06-01T00:00:00.000Z' },
      { deploymentId: 'may', start: '2026-05-01T00:00:00.000Z', end: '2026-05-20T00:00:00.000Z' },
      { deploymentId: 'd1', start: null, end: '2026-05-01T00:00:00.000Z', place: PLACE },
    ]);
  });

  it('cannot overlap another one', async () => {
    await put('twice-1', {});
    await put('twice-1/deployments/a', { start: '2026-01-01', end: '2026-02-01' });
    const answer = await put('twice-1/deployments/b', { start: '2026-01-15', end: '2026-03-01' });
    expect(answer.status).toBe(409);
    const { type, detail } = await bodyOf(answer);
    expect([type, detail]).toEqual([
      'urn:trapline:problem:conflict',
      expect.stringContaining('Deployment a of trap twice-1 goes from 2026-01-01T00:00:00.000Z'),
    ]);
    expect((await put('twice-1/deployments/b', { start: '2026-02-01', end: '2026-03-01' })).status).toBe(201);
  });

  it('ends after it starts, and is one of a trap that is known', async () => {
    await put('order-1', {});
    const answer = await put('order-1/deployments/a', { start: '2026-02-01', end: '2026-02-01' });
    expect([answer.status, (await bodyOf(answer)).errors[0].field]).toEqual([400, 'end']);
    expect((await put('nobody-1/deployments/a', { start: '2026-02-01' })).status).toBe(404);
    expect((await send('GET', 'nobody-1')).status).toBe(404);
  });

  it('begins with the first visit where that was before the first message, wherever it is shown', async () => {
    await says('early-1', PLACE);
    await touchTraps(api.catalog.db, new Map([['early-2', JUNE_1]]));
    const visitMs = JUNE_1 - 3 * 86_400_000;
    for (const trapId of ['early-1', 'early-2'])
      for (const [runId, atMs] of [
        ['later', JUNE_1 + 1000],
        ['first', visitMs],
      ] as const) {
        await lockRun(api.catalog.db, { trapId, runId }, JUNE_1);
        await api.catalog.db.updateTable('runs').set({ at_ms: atMs }).where('run_id', '=', runId).execute();
      }
    const start = new Date(visitMs).toISOString();
    const { items } = await api.json('/api/v1/traps');
    for (const trapId of ['early-1', 'early-2']) {
      const listed = items.find((each: { trapId: string }) => each.trapId === trapId);
      expect([listed.deployments[0].start, (await trap(trapId)).deployments[0].start]).toEqual([
        start,
        start,
      ]);
      expect(listed.firstSeenAt).toBe(new Date(JUNE_1).toISOString());
    }
    expect(await api.json('/api/v1/traps/early-1/deployments/d1')).toMatchObject({ start });
  });

  it('is there for every trap that has spoken, also where nobody has said where it stands', async () => {
    await touchTraps(api.catalog.db, new Map([['silent-1', JUNE_1]]));
    expect((await trap('silent-1')).deployments).toMatchObject([
      { deploymentId: null, saidBy: 'nobody', start: '2026-06-01T08:00:00.000Z', end: null, place: null },
    ]);
  });
});
