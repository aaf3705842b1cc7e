import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { HttpTrap } from './fixtures/http-trap.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

let station: Station;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  await eventually(async () => (await predict(await crop('red'))).status === 200);
});
afterAll(() => station.remove());

interface Predicted {
  readonly type?: string;
  readonly model?: string;
  readonly ranked?: readonly {
    readonly label: string;
    readonly probability: number;
    readonly insect: boolean;
  }[];
}

async function predict(body: Buffer | FormData, key = station.adminKey, query = '') {
  const answer = await fetch(`${station.http}/api/v1/predict${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : body,
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Predicted };
}

describe('a picture to classify', () => {
  it('gets the labels of the model, best first, and is not kept', async () => {
    const { status, body } = await predict(await crop('green'));
    expect(status).toBe(200);
    expect(body.ranked?.[0]).toMatchObject({ label: 'green', insect: expect.any(Boolean) });
    const shares = body.ranked?.map(({ probability }) => probability) ?? [];
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(await allRuns(station)).toEqual([]);
  });

  it('gets as many labels as are asked for', async () => {
    const all = (await predict(await crop('green'))).body.ranked ?? [];
    for (const top of [1, 2, 100]) {
      const { body } = await predict(await crop('green'), undefined, `?top=${top}`);
      expect(body.ranked).toEqual(all.slice(0, top));
    }
    for (const top of ['0', '101', '-1', '1.5', 'x', '']) {
      const { status, body } = await predict(await crop('green'), undefined, `?top=${top}`);
      expect([status, body]).toMatchObject([
        400,
        { errors: [{ field: 'top', message: 'must be a whole number from 1 to 100' }] },
      ]);
    }
  });

  it('is counted and timed, also where it fails', async () => {
    const figure = async (name: string) =>
      Number(
        new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await station.get('/metrics')).text())?.[1] ?? 0,
      );
    const names = [
      'trapline_predict_requests_total{outcome="ok"}',
      'trapline_predict_requests_total{outcome="not-an-image"}',
      'trapline_predict_seconds_count',
    ].map((name) => name.replace(/[{}]/g, '\\$&'));
    const before = await Promise.all(names.map(figure));
    await predict(await crop('green'));
    await predict(Buffer.from('no picture at all'));
    const after = await Promise.all(names.map(figure));
    expect(after.map((value, i) => value - (before[i] ?? 0))).toEqual([1, 1, 2]);
  });

  it('may come in a form, and may be a PNG or larger than a crop', async () => {
    const form = new FormData();
    const noise = randomBytes(1_800_000);
    const large = await sharp(noise, { raw: { width: 1000, height: 600, channels: 3 } })
      .png()
      .toBuffer();
    expect(large.length).toBeGreaterThan(1_048_576);
    form.append('note', 'from my balcony');
    form.append('file', new Blob([new Uint8Array(large)]), '../../insect.png');
    expect((await predict(form)).status).toBe(200);
  });

  it('is refused where it is none, or too large, and nothing is set aside for it', async () => {
    const webp = await sharp(await crop('red'))
      .webp()
      .toBuffer();
    const cases = [
      [415, 'not-an-image', Buffer.from('this is no image, though it is long enough')],
      [422, 'empty', Buffer.alloc(0)],
      [413, 'too-large', Buffer.alloc(9_000_000)],
      [422, 'undecodable', Buffer.concat([webp.subarray(0, 32), Buffer.alloc(200, 7)])],
      [422, 'empty', new FormData()],
    ] as const;
    for (const [status, code, body] of cases) {
      const answer = await predict(body);
      expect([answer.status, answer.body.type]).toEqual([status, `urn:trapline:problem:${code}`]);
    }
    expect(await station.json('/api/v1/dead-letters')).toMatchObject({ items: [] });
  });

  it('waits its turn, or is told to come again, while others ask as well; crops go on', async () => {
    const trap = new HttpTrap('trap-1', station.trapPassword, station);
    const asked = Promise.all(Array.from({ length: 60 }, async () => predict(await crop('blue'))));
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => trap.crop('busy', `c-${i}`, await crop('red', i))),
    );
    await trap.end('busy', { crops: 40 });
    await eventually(async () => (await allRuns(station)).find(({ observation }) => observation?.final));
    for (const { status, headers } of await asked) {
      expect([200, 503]).toContain(status);
      if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  it('is for those who may read', async () => {
    expect((await predict(await crop('red'), station.trapPassword)).status).toBe(403);
    expect((await predict(await crop('red'), 'made-up')).status).toBe(401);
  });

  it('has nobody to ask where there is no model', async () => {
    await station.stop();
    await station.start({ TRAPLINE_MODEL: 'none' });
    const answer = await predict(await crop('red'));
    expect([answer.status, answer.body.type]).toEqual([503, 'urn:trapline:problem:no-model']);
  });
});
