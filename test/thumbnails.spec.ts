import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { HttpTrap } from './fixtures/http-trap.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

const RUN = '/api/v1/runs/trap-1/pictures';
const MANY = 60;

let station: Station;
let trap: HttpTrap;

beforeAll(async () => {
  station = await Station.start();
  trap = new HttpTrap('trap-1', station.trapPassword, station);
  for (let i = 0; i < MANY; i += 1) await trap.crop('pictures', `c-${i}`, await crop('red', i, 300));
  const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, i) => (i * 7919) % 256));
  const whole = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
    .jpeg()
    .toBuffer();
  await trap.crop('pictures', 'cut-off', whole.subarray(0, whole.length / 2));
  // Header and no more: it is taken, since it says that it is an image.
  const webp = await sharp(whole).webp().toBuffer();
  await trap.crop('pictures', 'no-picture', Buffer.concat([webp.subarray(0, 32), Buffer.alloc(200, 7)]));
});
afterAll(() => station.remove());

const thumbnail = (cropId: string, query = '', headers: Record<string, string> = {}) =>
  station.get(`${RUN}/crops/${cropId}/thumbnail${query}`, { headers });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe('a thumbnail', () => {
  it('is a small JPEG of the size that was asked for, and may be kept for ever', async () => {
    for (const [query, side] of [
      ['', 128],
      ['?size=64', 64],
      ['?size=256', 256],
    ] as const) {
      const answer = await thumbnail('c-0', query);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      expect(answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
      expect(await sharp(await bytesOf(answer)).metadata()).toMatchObject({
        format: 'jpeg',
        width: side,
        height: side,
      });
    }
    expect((await thumbnail('c-0', '?size=100')).status).toBe(400);
    expect((await thumbnail('none')).status).toBe(404);
  });

  it('does not come again to who has it; another size is another picture', async () => {
    const etag = (await thumbnail('c-1')).headers.get('etag') ?? '';
    const again = await thumbnail('c-1', '', { 'If-None-Match': etag });
    expect([again.status, (await bytesOf(again)).length]).toEqual([304, 0]);
    expect((await thumbnail('c-1', '?size=64', { 'If-None-Match': etag })).status).toBe(200);
  });

  it('is linked from its run', async () => {
    const run = (await findRun(station, 'trap-1', 'pictures')) as unknown as {
      links: { thumbnail: string };
      crops: { links: { thumbnail: string } }[];
    };
    for (const link of [run.links.thumbnail, run.crops.at(-1)?.links.thumbnail ?? ''])
      expect(link).toMatch(/^\/api\/v1\/runs\/trap-1\/pictures\/crops\/[\w-]+\/thumbnail$/);
    expect((await station.get(run.links.thumbnail)).status).toBe(200);
  });

  it('shows what there is of a picture that was cut off, and says so where there is nothing', async () => {
    expect(await sharp(await bytesOf(await thumbnail('cut-off'))).metadata()).toMatchObject({ width: 128 });
    const nothing = await thumbnail('no-picture');
    expect([nothing.status, ((await nothing.json()) as { type: string }).type]).toEqual([
      422,
      'urn:trapline:problem:undecodable',
    ]);
    expect(nothing.headers.get('etag')).toBeNull();
  });

  it('is asked for by a whole dashboard at once while a trap sends', async () => {
    const pictures = Promise.all(Array.from({ length: MANY }, (_, i) => thumbnail(`c-${i}`, '?size=256')));
    const sent = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => trap.crop('meanwhile', `c-${i}`, await crop('green', i))),
    );
    expect(sent.map(({ status }) => status)).toEqual(Array(20).fill(201));
    expect((await pictures).map(({ status }) => status)).toEqual(Array(MANY).fill(200));
  });

  it('is made again where the folder of thumbnails was emptied', async () => {
    const before = await bytesOf(await thumbnail('c-2'));
    rmSync(join(station.dataDir, 'thumbnails'), { recursive: true });
    expect(await bytesOf(await thumbnail('c-2'))).toEqual(before);
  });

  it('needs a key as every picture does', async () => {
    const anybody = await fetch(`${station.http}${RUN}/crops/c-0/thumbnail`);
    expect(anybody.status).toBe(401);
    const device = await fetch(`${station.http}${RUN}/crops/c-0/thumbnail`, {
      headers: { Authorization: `Bearer ${station.trapPassword}` },
    });
    expect(device.status).toBe(403);
  });

  it('stays within its room on the disk, and is open to all where that is set', async () => {
    await station.stop();
    await station.start({ TRAPLINE_THUMBNAILS_MB: '0.005', TRAPLINE_PUBLIC_THUMBNAILS: 'true' });
    for (let i = 0; i < MANY; i += 1)
      expect((await fetch(`${station.http}${RUN}/crops/c-${i}/thumbnail?size=256`)).status).toBe(200);
    const shown = await fetch(`${station.http}${RUN}/crops/c-1/thumbnail`);
    expect(shown.headers.get('cache-control')).toMatch(/^public/);
    await eventually(
      () => readdirSync(join(station.dataDir, 'thumbnails', 'trap-1', 'pictures')).length < MANY / 2,
    );
    expect((await fetch(`${station.http}${RUN}/crops/c-1`)).status).toBe(401);
  });
});
