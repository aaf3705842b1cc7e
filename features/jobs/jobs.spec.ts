import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/fixtures/eventually.js';
import { openSmallApi, type SmallApi } from '../../test/fixtures/small-api.js';
import { type RunningJob, runJob } from './job-runner.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
});
afterAll(() => api.close());

const jobs = async (as: 'viewer' | 'admin' = 'admin') => (await api.json('/api/v1/jobs', { as })).items;
const start = (work: (job: RunningJob) => Promise<unknown>, by = 'admin') =>
  runJob(api.catalog, { kind: 'reclassify', title: 'demo-1', by, unit: 'crops' }, work);

describe('a job', () => {
  it('shows how far it is, and what came of it', async () => {
    let go: (() => void) | undefined;
    const { id, result } = await start(async (job) => {
      job.progress(3, 10);
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      job.progress(10, 10);
      return 'all is done';
    });
    await eventually(async () => (await jobs())[0].done === 3);
    expect((await jobs())[0]).toMatchObject({ id, state: 'running', total: 10, unit: 'crops', by: 'admin' });
    go?.();
    await result;
    expect((await jobs())[0]).toMatchObject({ id, state: 'done', done: 10, message: 'all is done' });
  });

  it('says why it failed', async () => {
    const { result } = await start(async () => {
      throw new Error('the disk is full');
    });
    await expect(result).rejects.toThrow('the disk is full');
    expect((await jobs())[0]).toMatchObject({ state: 'failed', message: 'the disk is full' });
  });

  it('ends when somebody cancels it, and is then forgotten', async () => {
    const { id, result } = await start(({ signal }) => delay(60_000, undefined, { signal }));
    const ended = expect(result).rejects.toThrow();
    expect((await api.get(`/api/v1/jobs/${id}`, { method: 'DELETE', as: 'admin' })).status).toBe(204);
    await ended;
    expect((await jobs())[0]).toMatchObject({ id, state: 'canceled', canCancel: false });
    await api.get(`/api/v1/jobs/${id}`, { method: 'DELETE', as: 'admin' });
    expect((await jobs()).map((job: { id: string }) => job.id)).not.toContain(id);
  });

  it('is seen and ended by whoever started it, and by administrators', async () => {
    const own = await start(async () => undefined, 'viewer');
    const others = await start(async () => undefined, 'editor');
    await Promise.all([own.result, others.result]);
    expect((await jobs('viewer')).map(({ id }: { id: string }) => id)).toEqual([own.id]);
    expect((await api.get(`/api/v1/jobs/${others.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await api.get(`/api/v1/jobs/${own.id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('is over when its process was ended', async () => {
    const { db } = api.catalog;
    await db
      .insertInto('jobs')
      .values({
        id: 'lost',
        kind: 'backup',
        title: 'a folder',
        state: 'running',
        done: 1,
        total: null,
        unit: 'files',
        by_name: null,
        message: null,
        cancel_requested: 0,
        started_at: Date.now() - 3_600_000,
        changed_at: Date.now() - 120_000,
        ended_at: null,
      })
      .execute();
    const lost = (await jobs()).find(({ id }: { id: string }) => id === 'lost');
    expect(lost).toMatchObject({ state: 'failed', message: expect.stringContaining('process') });
  });
});
