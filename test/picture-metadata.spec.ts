import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { HttpTrap } from './fixtures/http-trap.js';
import { Station } from './fixtures/station.js';
import { unzip } from './fixtures/unzip.js';

const TRACES = ['Secret', 'Exif\0\0MM', 'GPSLatitude'];
const CROP = '/api/v1/runs/trap-1/placed/crops';

let station: Station;
let viewer: string;
let editor: string;
const originals = new Map<string, Buffer>();

beforeAll(async () => {
  station = await Station.start();
  const key = (role: string) =>
    station.command<{ key: string }>('key', 'create', '--role', role, '--name', role, '--json');
  viewer = (await key('viewer')).key;
  editor = (await key('editor')).key;
  const trap = new HttpTrap('trap-1', station.trapPassword, station);
  const place = { IFD0: { Artist: 'Secret Person' }, IFD3: { GPSLatitude: '47/1 39/1 31/1' } };
  const picture = sharp(await crop('red', 1)).withExif(place);
  for (const format of ['jpeg', 'png', 'webp'] as const)
    originals.set(format, await picture.clone().toFormat(format).toBuffer());
  originals.set(
    'plain',
    await sharp(await crop('red', 2))
      .jpeg()
      .toBuffer(),
  );
  for (const [id, bytes] of originals) expect((await trap.crop('placed', id, bytes)).status).toBe(201);
  await trap.end('placed', { crops: originals.size });
});
afterAll(() => station.remove());

const as = (key: string, headers: Record<string, string> = {}) => ({
  headers: { Authorization: `Bearer ${key}`, ...headers },
});
const bytesOf = async (answer: Response | Promise<Response>) =>
  Buffer.from(await (await answer).arrayBuffer());
const traces = (bytes: Buffer) => TRACES.filter((trace) => bytes.includes(trace, 0, 'latin1'));

describe('a picture that says where it was taken', () => {
  it.each(['jpeg', 'png', 'webp'])(
    'comes byte for byte to editors, and without it to viewers (%s)',
    async (id) => {
      const original = originals.get(id) as Buffer;
      expect((await bytesOf(station.get(`${CROP}/${id}`, as(editor)))).equals(original)).toBe(true);
      const bare = await bytesOf(station.get(`${CROP}/${id}`, as(viewer)));
      expect([bare.length, traces(bare)]).toEqual([original.length, []]);
      expect((await sharp(bare).raw().toBuffer()).equals(await sharp(original).raw().toBuffer())).toBe(true);
    },
  );

  it('has an ETag of its own without it, in parts and for who has a copy', async () => {
    const path = `${CROP}/jpeg`;
    const whole = await station.get(path, as(viewer));
    const etag = whole.headers.get('etag') ?? '';
    const bare = await bytesOf(whole);
    const sha256 = createHash('sha256')
      .update(originals.get('jpeg') as Buffer)
      .digest('hex');
    expect(etag).toBe(`"${sha256}-bare"`);
    expect((await station.get(path, as(viewer, { 'If-None-Match': etag }))).status).toBe(304);
    expect((await station.get(path, as(viewer, { 'If-None-Match': `"${sha256}"` }))).status).toBe(200);
    expect((await station.get(path, as(editor, { 'If-None-Match': etag }))).status).toBe(200);
    const part = await station.get(path, as(viewer, { Range: 'bytes=20-99', 'If-Range': etag }));
    expect([part.status, (await bytesOf(part)).equals(bare.subarray(20, 100))]).toEqual([206, true]);
    const head = await station.get(path, { method: 'HEAD', ...as(viewer) });
    expect([head.headers.get('etag'), head.headers.get('content-length')]).toEqual([
      etag,
      String(bare.length),
    ]);
  });

  it('is the same for all where it has none', async () => {
    const plain = originals.get('plain') as Buffer;
    const answer = await station.get(`${CROP}/plain`, as(viewer));
    expect(answer.headers.get('etag')).toBe(`"${createHash('sha256').update(plain).digest('hex')}"`);
    expect((await bytesOf(answer)).equals(plain)).toBe(true);
  });

  it('says nothing to whoever has a signed link', async () => {
    const answer = await station.get('/api/v1/signed-urls', {
      method: 'POST',
      headers: { Authorization: `Bearer ${editor}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ urls: [`${CROP}/jpeg`] }),
    });
    const { urls } = (await answer.json()) as { urls: string[] };
    const url = new URL(urls[0] as string, station.http);
    expect(traces(await bytesOf(fetch(url)))).toEqual([]);
  });

  it('says nothing in the archives of viewers, which unpack as those of editors do', async () => {
    await eventually(async () => (await station.get('/api/v1/runs/trap-1/placed', as(viewer))).ok);
    const archives = [
      '/api/v1/runs/trap-1/placed/images.zip',
      '/api/v1/downloads/images.zip',
      '/data/all',
      '/data/most_recent/images',
    ];
    for (const path of archives) {
      const [mine, theirs] = await Promise.all(
        [viewer, editor].map(async (key) => unzip(await bytesOf(station.get(path, as(key))))),
      );
      const pictures = [...(mine as Map<string, Buffer>)].filter(([name]) => /\.(jpg|png|webp)$/.test(name));
      expect([path, pictures.length]).toEqual([path, originals.size]);
      for (const [name, bytes] of pictures) {
        expect([path, name, traces(bytes)]).toEqual([path, name, []]);
        const original = (theirs as Map<string, Buffer>).get(name) as Buffer;
        expect([...originals.values()].some((each) => each.equals(original))).toBe(true);
      }
    }
  });

  it('is told of by doctor', async () => {
    const { out } = await station.tryCommand(['doctor']);
    expect(out).toMatch(/WARN +places +pictures of .*trap.* carry GPS positions/);
  });

  it('comes whole to viewers where that is set', async () => {
    await station.stop();
    await station.start({ TRAPLINE_ORIGINALS_FOR_VIEWERS: 'true' });
    const bytes = await bytesOf(station.get(`${CROP}/jpeg`, as(viewer)));
    expect(bytes.equals(originals.get('jpeg') as Buffer)).toBe(true);
  });
});
