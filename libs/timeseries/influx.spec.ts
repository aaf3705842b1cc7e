import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeInflux } from '../../test/fixtures/fake-influx.js';
import { Influx } from './influx.js';

let fake: FakeInflux;
let influx: Influx;
beforeEach(async () => {
  fake = await FakeInflux.start();
  influx = new Influx({ url: `${fake.url}/`, org: 'our org', bucket: 'b', token: 'secret' });
});
afterEach(() => fake.close());

const LINES = Array.from({ length: 3000 }, (_, i) => `m,t=a f=${i} ${i}`);

describe('writing', () => {
  it('is one request with all lines, and done when it is answered', async () => {
    expect(await influx.write(LINES)).toEqual({ state: 'done' });
    expect(fake.asked).toHaveLength(1);
    expect(fake.asked[0]).toMatchObject({
      path: '/api/v2/write?org=our%20org&bucket=b&precision=ns',
      body: LINES.join('\n'),
    });
    expect(fake.asked[0]?.headers.authorization).toBe('Token secret');
  });

  it('is tried once only, whatever is answered', async () => {
    fake.before = () => ({ status: 503, headers: { 'Retry-After': '3' }, body: '{"message":"not now"}' });
    expect(await influx.write(LINES)).toEqual({ state: 'busy', message: '503: not now', retryAfterMs: 3000 });
    expect(fake.asked).toHaveLength(1);
  });

  it.each([
    [401, 'denied', '{"code":"unauthorized","message":"unauthorized access"}', '401: unauthorized access'],
    [404, 'denied', '{"message":"bucket \\"b\\" not found"}', '404: bucket "b" not found'],
    [413, 'too-large', '', '413: Payload Too Large'],
    [
      400,
      'refused',
      '{"error":"partial write: field type conflict dropped=1"}',
      '400: partial write: field type conflict dropped=1',
    ],
    [422, 'refused', '{"message":"outside retention"}', '422: outside retention'],
  ] as const)('%i is %s, in the words of the server', async (status, state, body, message) => {
    fake.before = () => ({ status, body });
    expect(await influx.write(['m f=1 1'])).toEqual({ state, message });
  });

  it('is busy where the connection breaks or nobody listens', async () => {
    fake.before = () => 'hang up';
    expect(await influx.write(['m f=1 1'])).toMatchObject({ state: 'busy', message: 'ECONNRESET' });
    const nobody = new Influx({ url: 'http://127.0.0.1:1', org: 'o', bucket: 'b' });
    expect(await nobody.write(['m f=1 1'])).toMatchObject({ state: 'busy', message: 'ECONNREFUSED' });
  });
});

describe('deleting', () => {
  it('names the point by measurement, tags and nanosecond', async () => {
    const outcome = await influx.deletePoint('m', { trap: 't-1', label: 'bee' }, 1_780_308_000_000_000_099n);
    expect(outcome).toEqual({ state: 'done' });
    expect(fake.asked[0]?.path).toBe('/api/v2/delete?org=our%20org&bucket=b');
    expect(JSON.parse(fake.asked[0]?.body ?? '')).toEqual({
      start: '2026-06-01T10:00:00.000000099Z',
      stop: '2026-06-01T10:00:00.000000100Z',
      predicate: '_measurement="m" AND trap="t-1" AND label="bee"',
    });
  });

  it('tells what stands in its way', async () => {
    fake.before = () => ({ status: 429, headers: { 'Retry-After': '2' }, body: 'slow down' });
    expect(await influx.deletePoint('m', {}, 1n)).toEqual({
      state: 'busy',
      message: '429: slow down',
      retryAfterMs: 2000,
    });
    fake.before = () => 'hang up';
    expect(await influx.deletePoint('m', {}, 1n)).toMatchObject({ state: 'busy' });
  });
});

describe('counting', () => {
  it('asks in InfluxQL, and takes nothing for 0', async () => {
    fake.before = () => ({
      status: 200,
      body: '{"results":[{"series":[{"columns":["time","count"],"values":[["1970",7]]}]}]}',
    });
    expect(await influx.count('insect_run', 'probability')).toBe(7);
    expect(decodeURIComponent(fake.asked[0]?.path ?? '')).toBe(
      '/query?db=b&q=SELECT count("probability") FROM "insect_run"',
    );
    fake.before = () => ({ status: 200, body: '{"results":[{"statement_id":0}]}' });
    expect(await influx.count('insect_run', 'probability')).toBe(0);
  });

  it('throws with what the server says', async () => {
    fake.before = () => ({ status: 401, body: '{"message":"unauthorized access"}' });
    await expect(influx.count('m', 'f')).rejects.toThrow('401: unauthorized access');
  });
});
