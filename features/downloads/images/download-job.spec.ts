import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { asJob } from './download-job.js';

const PART = Buffer.alloc(1000);
const LENGTH = 5 * PART.length;

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
});
afterAll(() => api.close());

/** As slow as a phone on a meadow. */
async function* slowly(parts: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < parts; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 800));
    yield PART;
  }
}
const download = (start: number, parts: number) =>
  asJob(
    api.catalog,
    { what: 'images', fileName: 'images.zip', by: 'viewer', start, end: LENGTH - 1, length: LENGTH },
    slowly(parts),
  );
const newest = async () => (await api.json('/api/v1/jobs')).items[0];

describe('a download that takes long', () => {
  it('is a job of whoever asked, also where it breaks off and is resumed', async () => {
    let sent = 0;
    for await (const part of download(0, 5)) {
      sent += part.length;
      if (sent === 3 * PART.length) expect(await newest()).toMatchObject({ kind: 'download', by: 'viewer' });
      if (sent === 4 * PART.length) break;
    }
    expect(await newest()).toMatchObject({
      state: 'failed',
      // As it was written last, at most half a second before.
      done: expect.any(Number),
      total: 5000,
      message: expect.stringContaining('resumed'),
    });
    let more = 0;
    for await (const part of download(2 * PART.length, 3)) more += part.length;
    expect(more).toBe(3 * PART.length);
    expect(await newest()).toMatchObject({ state: 'done', done: 5000, total: 5000, unit: 'bytes' });
  }, 20_000);

  it('is none where it is over soon', async () => {
    const { items: before } = await api.json('/api/v1/jobs');
    for await (const _part of download(4 * PART.length, 1));
    expect((await api.json('/api/v1/jobs')).items).toHaveLength(before.length);
  });
});
