import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

/** What the service serves to one caller at once. */
const AT_ONCE = 4;
/** As long as the service lets a caller wait, and what a busy machine may need beside it. */
const PATIENCE_MS = 20_000;
const LIMIT_MS = PATIENCE_MS + 40_000;
/** Together more than the sockets of a connection hold. */
const CROPS = 20;
const ZIP = '/api/v1/downloads/images.zip';

let station: Station;
beforeAll(async () => {
  station = await Station.start();
  const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  const noise = { raw: { width: 512, height: 512, channels: 3 } } as const;
  for (let i = 0; i < CROPS; i += 1) {
    const bytes = await sharp(randomBytes(512 * 512 * 3), noise)
      .png({ compressionLevel: 0 })
      .toBuffer();
    await trap.crop('large', `c${i}`, bytes);
  }
  await trap.close();
});
afterAll(() => station.remove());

/** A download whose receiver reads nothing but its beginning. */
async function stalled(): Promise<IncomingMessage> {
  const request = get(`${station.http}${ZIP}`, {
    headers: { authorization: `Bearer ${station.adminKey}` },
    agent: false,
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}

const read = (path: string, key = station.adminKey) =>
  fetch(`${station.http}${path}`, { headers: { authorization: `Bearer ${key}` } });

describe('heavy reads of one caller', () => {
  it(
    'wait for each other, get 429 after 20 s, and keep no other caller and no other read waiting',
    async () => {
      const made = await station.get('/api/v1/keys', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'another', role: 'viewer' }),
      });
      const { key: other } = (await made.json()) as { key: string };
      const open = await Promise.all(Array.from({ length: AT_ONCE }, stalled));
      expect(open.map(({ statusCode }) => statusCode)).toEqual(open.map(() => 200));

      const begin = performance.now();
      const late = read(ZIP);
      // Meanwhile: questions of the same caller, and the same download for somebody else.
      expect((await read('/api/v1/runs')).status).toBe(200);
      const others = await read(ZIP, other);
      expect([others.status, (await others.arrayBuffer()).byteLength > 1_000_000]).toEqual([200, true]);
      expect(performance.now() - begin).toBeLessThan(PATIENCE_MS);

      const refused = await late;
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
      expect(await refused.json()).toMatchObject({ type: 'urn:trapline:problem:too-many-requests' });
      expect(performance.now() - begin).toBeGreaterThan(PATIENCE_MS - 1000);
      const ready = (await (await fetch(`${station.http}/health/ready`)).json()) as {
        checks: { intake: { reason?: string } };
      };
      expect(ready.checks.intake.reason).toContain('http: heavy reads at once');

      // Whoever waits gets the turn of one that ends.
      const next = read(ZIP);
      open.pop()?.destroy();
      expect((await next).status).toBe(200);
      for (const download of open) download.destroy();
    },
    LIMIT_MS,
  );
});
