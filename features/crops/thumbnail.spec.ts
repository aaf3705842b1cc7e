import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { fingerprint, ThumbnailStore } from '../../libs/store/index.js';
import { bytesOf, fileCrop, putCrops } from '../../test/fixtures/filled-api.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { ackInbox } from './inbox.repository.js';

const RUN = { trapId: 'meadow-1', runId: 'run-1' };

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
  await putCrops(api.catalog, api.dataDir, RUN, ['seen', 'unseen', 'lost']);
  const store = new ThumbnailStore({
    dataDir: api.dataDir,
    limitBytes: 1e6,
    mayWrite: () => true,
    program: new URL('../../dist/libs/store/thumbnails/thumbnail-program.js', import.meta.url),
  });
  const picture = sharp({ create: { width: 300, height: 300, channels: 3, background: 'red' } }).jpeg();
  const seen = { ...RUN, cropId: 'seen' };
  const { sha256 } = fingerprint(bytesOf(seen));
  await store.make({ ...seen, sha256 }, 128, () => picture.toBuffer());
  store.close();
  await api.catalog.db
    .updateTable('crops')
    .set({ removed_at: 1000 })
    .where('crop_id', '!=', 'lost')
    .execute();
  await rm(await fileCrop(api.catalog, api.dataDir, { ...RUN, cropId: 'lost' }));
  await api.catalog.db.transaction().execute((tx) => ackInbox(tx, [{ ...RUN, cropId: 'lost' }]));
});
afterAll(() => api.close());

describe('the thumbnail of a picture that was removed', () => {
  const get = (path: string) => api.get(`/api/v1/runs/meadow-1/run-1/crops/${path}`);

  it('is still there where it was made before', async () => {
    const answer = await get('seen/thumbnail');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  });

  it('is gone with it otherwise', async () => {
    for (const path of ['unseen/thumbnail', 'seen/thumbnail?size=64']) {
      const answer = await get(path);
      expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
        410,
        'urn:trapline:problem:removed',
      ]);
    }
  });
});

describe('the thumbnail of a picture whose file is lost', () => {
  it('cannot be made, and says where to look', async () => {
    const answer = await api.get('/api/v1/runs/meadow-1/run-1/crops/lost/thumbnail');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({
        type: 'urn:trapline:problem:picture-lost',
        detail: expect.stringContaining('npm run trapline -- doctor'),
      }),
    ]);
  });
});
