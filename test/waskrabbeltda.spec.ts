import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutMetadata } from '../libs/store/index.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { requestsForm } from './fixtures/requests-form.js';
import { allRuns, deadLetters, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { unzip } from './fixtures/unzip.js';

/** As the trap client of that system sends: naive local times, a space between day and time. */
const FIELDS = {
  start_date: '2026-06-01 12:00:00.123456',
  end_date: '2026-06-01 12:00:07.654321',
  duration_s: '7',
};
const RUN = '2026-06-01_ID7-12-00-07';
/** The crop as viewers get it: without what its metadata may tell of the place. */
const seenByViewer = async (...picture: Parameters<typeof crop>): Promise<Buffer> =>
  withoutMetadata(await crop(...picture), 'jpg');

const nameOf = (second: number, host = '') => `${host}2026-06-01_12-00-0${second}-123456_ID7_crop.jpg`;

let station: Station;
let viewer: string;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel(), TRAPLINE_TIME_ZONE: 'Europe/Berlin' });
  const made = await station.command<{ key: string }>(
    ...(['key', 'create', '--role', 'viewer', '--name', 'dashboard', '--json'] as const),
  );
  viewer = made.key;
});
afterAll(() => station.remove());

const get = (path: string, key = viewer) =>
  fetch(`${station.http}${path}`, { headers: key ? { access_token: key } : {} });
const json = async (path: string) => (await get(path)).json();

async function upload(
  track: string,
  fields: Readonly<Record<string, string>>,
  files: readonly { name: string; bytes: Buffer }[],
  key = station.trapPassword,
) {
  const { body, type } = requestsForm(fields, files);
  const answer = await fetch(`${station.http}/classify/${track}`, {
    method: 'POST',
    headers: { 'Content-Type': type, access_token: key },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const zipped = async (path: string): Promise<Map<string, Buffer>> => {
  const answer = await get(path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  return unzip(Buffer.from(await answer.arrayBuffer()));
};

describe('an empty store', () => {
  it('answers in the shapes of the old system', async () => {
    const none = { most_recent_date: null, most_recent_tracking_run: null };
    expect(await json('/data/classification')).toEqual([]);
    expect(await json('/data/most_recent')).toEqual(none);
    expect(await json('/data/most_recent_insect')).toEqual(none);
    expect(await json('/data/most_recent_insects')).toEqual([]);
    expect(await json('/data/tracking_runs')).toEqual({});
    expect([...(await zipped('/data/most_recent/images')).keys()]).toEqual([]);
    expect([...(await zipped('/data/all')).keys()]).toEqual(['classification_data.csv']);
    expect((await get('/data/2026-06-01/ID7-12-00-07')).status).toBe(404);
  });
});

describe('the old trap client', () => {
  const files: { name: string; bytes: Buffer }[] = [];
  beforeAll(async () => {
    for (const second of [0, 3, 7]) files.push({ name: nameOf(second), bytes: await crop('red', second) });
  });

  it('uploads a run as it always did, with naive local times', async () => {
    expect(await upload('7', FIELDS, files)).toEqual({ status: 200, body: { success: true } });
    const run = await eventually(async () => {
      const seen = await findRun(station, 'trap-1', RUN);
      return seen.observation?.final && seen;
    });
    expect(run).toMatchObject({
      start: '2026-06-01T10:00:00.123456Z',
      end: '2026-06-01T10:00:07.654321Z',
      durationS: 7,
      trackId: '7',
      status: 'complete',
      storedCrops: 3,
      observation: { label: 'red' },
    });
    expect(run.crops.map(({ cropId }) => `${cropId}.jpg`)).toEqual(files.map(({ name }) => name));
    expect(run.crops[1]).toMatchObject({ detection: { at: '2026-06-01T10:00:03.123456Z' } });
  });

  it('may send the same again: it stays one run, counted once', async () => {
    const before = await findRun(station, 'trap-1', RUN);
    expect((await upload('7', FIELDS, [...files].reverse())).body).toEqual({ success: true });
    const after = await findRun(station, 'trap-1', RUN);
    expect(after.storedCrops).toBe(3);
    expect(after.observation?.revision).toBe(before.observation?.revision);
    expect((await allRuns(station)).length).toBe(1);
    expect(await deadLetters(station)).toEqual([]);
  });

  it('is not held up by a picture that is none: the others are stored, and it is kept', async () => {
    const fields = { ...FIELDS, start_date: '2026-06-01 12:04:00', end_date: '2026-06-01 12:05:00' };
    const mixed = [
      { name: nameOf(1), bytes: Buffer.from('no picture at all, but long enough') },
      { name: nameOf(2), bytes: await crop('green', 2) },
      { name: nameOf(4), bytes: Buffer.alloc(0) },
    ];
    expect((await upload('8', fields, mixed)).body).toEqual({ success: true });
    const run = await eventually(async () => {
      const seen = await findRun(station, 'trap-1', '2026-06-01_ID8-12-05-00');
      return seen.observation?.final && seen;
    });
    expect(run).toMatchObject({ storedCrops: 1, status: 'complete', observation: { label: 'green' } });
    expect((await deadLetters(station)).map(({ code }) => code).sort()).toEqual(['empty', 'not-an-image']);
    expect(
      (
        await upload('9', { ...FIELDS, start_date: '2026-06-01 12:05:59', end_date: '2026-06-01 12:06:00' }, [
          files[0] as never,
        ])
      ).status,
    ).toBe(200);
  });

  it('may have any file names: none of them becomes a path, and equal ones are crops of their own', async () => {
    const names = [
      '../../../etc/passwd.jpg',
      'a/b\\c.jpg',
      '.hidden',
      'é ü.jpg',
      'same.jpg',
      'same.jpg',
      'x'.repeat(200),
    ];
    const odd = await Promise.all(
      names.map(async (name, i) => ({ name, bytes: await crop('blue', 100 + i) })),
    );
    const fields = { ...FIELDS, start_date: '2026-06-01 12:09:00', end_date: '2026-06-01 12:10:00' };
    for (const _time of [1, 2]) expect((await upload('10', fields, odd)).status).toBe(200);
    const run = await findRun(station, 'trap-1', '2026-06-01_ID10-12-10-00');
    expect(run.storedCrops).toBe(names.length);
    for (const { cropId } of run.crops) expect(cropId).toMatch(/^[A-Za-z0-9][\w.-]{0,63}$/);
    const folder = join(station.dataDir, 'images');
    await eventually(
      () =>
        readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('ID10')).length >=
        names.length,
    );
    expect(readdirSync(folder)).toEqual(['trap-1']);
  });

  it('is told what is missing or wrong, and nothing is stored', async () => {
    for (const [fields, sent, field] of [
      [{ ...FIELDS, start_date: 'yesterday' }, files, 'start_date'],
      [{ start_date: FIELDS.start_date }, files, 'end_date'],
      [{ ...FIELDS, duration_s: 'long' }, files, 'duration_s'],
      [FIELDS, [], 'files'],
    ] as const) {
      const answer = await upload('99', fields as Record<string, string>, sent);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    }
    expect((await upload('seven', FIELDS, files)).status).toBe(400);
    expect((await allRuns(station)).filter(({ runId }) => runId.includes('ID99'))).toEqual([]);
  });

  it('has no access without a key, with a wrong one, or with one that may only read', async () => {
    expect((await upload('7', FIELDS, files, '')).status).toBe(401);
    expect((await upload('7', FIELDS, files, 'None')).status).toBe(401);
    expect((await upload('7', FIELDS, files, viewer)).status).toBe(422);
    expect((await upload('7', FIELDS, files, station.adminKey)).status).toBe(422);
    for (const path of ['/data/classification', '/data/all', '/data/2026-06-01/ID7-12-00-07'])
      expect((await get(path, '')).status).toBe(401);
  });
});

describe('a reader of the old system', () => {
  it('finds the runs with the columns that it knows, oldest first', async () => {
    const rows = await eventually(async () => {
      const seen = (await json('/data/classification')) as Record<string, unknown>[];
      return seen.length === 4 && seen;
    });
    expect(rows[0]).toEqual({
      date: '2026-06-01',
      start_time: '2026-06-01 12:00:00.123456',
      end_time: '2026-06-01 12:00:07.654321',
      duration_s: 7,
      track_ID: 7,
      track_ID_imgs: 3,
      tracking_run_ID: 'ID7-12-00-07',
      top1: 'red',
      top1_prob: expect.any(Number),
    });
  });

  it('finds the newest runs and all their names', async () => {
    expect(await json('/data/most_recent')).toEqual({
      most_recent_date: '2026-06-01',
      most_recent_tracking_run: expect.stringMatching(/^ID\d+-12-\d\d-\d\d$/),
    });
    expect(await json('/data/most_recent_insects')).toContainEqual({
      date: '2026-06-01',
      tracking_run_ID: 'ID8-12-05-00',
    });
    const runs = (await json('/data/tracking_runs')) as Record<string, string[]>;
    expect(runs['2026-06-01']?.sort()).toEqual([
      'ID10-12-10-00',
      'ID7-12-00-07',
      'ID8-12-05-00',
      'ID9-12-06-00',
    ]);
  });

  it('gets the pictures of a run, byte for byte and by their own names', async () => {
    const files = await zipped('/data/2026-06-01/ID7-12-00-07');
    expect([...files.keys()].sort()).toEqual([nameOf(0), nameOf(3), nameOf(7)]);
    expect(files.get(nameOf(3))).toEqual(await seenByViewer('red', 3));
    expect((await zipped('/data/most_recent/images')).size).toBeGreaterThan(0);
  });

  it('gets everything: the table, and the pictures by day and run', async () => {
    const files = await zipped('/data/all');
    expect(String(files.get('classification_data.csv'))).toMatch(
      /^date,start_time,end_time,duration_s,track_ID,track_ID_imgs,tracking_run_ID,top1,top1_prob\n2026-06-01,2026-06-01 12:00:00\.123456,/,
    );
    expect(files.get(`trap-1/2026-06-01/ID7-12-00-07/${nameOf(3)}`)).toEqual(await seenByViewer('red', 3));
  });

  it('sees one trap only where one is set, which an administrator may send for', async () => {
    await station.stop();
    await station.start({ TRAPLINE_LEGACY_TRAP: 'garden-1' });
    expect(await json('/data/classification')).toEqual([]);
    const sent = await upload(
      '1',
      FIELDS,
      [{ name: nameOf(1), bytes: await crop('red', 500) }],
      station.adminKey,
    );
    expect(sent.status).toBe(200);
    expect(await findRun(station, 'garden-1', '2026-06-01_ID1-12-00-07')).toMatchObject({ storedCrops: 1 });
    expect((await zipped('/data/all')).get(`2026-06-01/ID1-12-00-07/${nameOf(1)}`)).toEqual(
      await seenByViewer('red', 500),
    );
    expect(
      (await upload('1', FIELDS, [{ name: nameOf(1), bytes: await crop('red', 500) }], viewer)).status,
    ).toBe(403);
  });
});
