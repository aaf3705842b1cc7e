import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/fixtures/eventually.js';
import { JobPool, type JobPoolOptions } from './job-pool.js';

const program = new URL('../../dist/libs/jobs/fixture/worker.js', import.meta.url);

type Job = { what: string; value?: unknown };
type Answer = { value: unknown; pid: number };

let pool: JobPool<Job, Answer>;
const open = (options: Partial<JobPoolOptions> = {}) => {
  pool = new JobPool({ program, ...options });
  return pool;
};
afterEach(() => pool.close());

const isUp = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a pool of processes', () => {
  it('runs jobs one after the other, with bytes in and out', async () => {
    const { run } = { run: (value: unknown) => open().run(() => ({ what: 'echo', value })) };
    const bytes = Buffer.from([1, 2, 3]);
    expect(Buffer.from((await run(bytes)).value as Buffer)).toEqual(bytes);
  });

  it('passes on what the program throws', async () => {
    const failure = { name: 'RangeError', message: 'out of range', code: 'too-far' };
    await expect(open().run(() => ({ what: 'throw' }))).rejects.toMatchObject(failure);
  });

  it.each([
    ['takes too much processor time', 'spin', 'time', { limits: { cpuMs: 300 } }],
    ['takes too much memory', 'hoard', 'memory', { limits: { memoryBytes: 300_000_000 } }],
    ['does nothing for too long', 'hang', 'time', { wallMs: 1500 }],
    ['ends its process', 'crash', 'crash', {}],
  ] as const)('gives up a job that %s, ends its process, and goes on', async (_does, what, over, options) => {
    open(options);
    const before = await pool.run(() => ({ what: 'echo' }));
    await expect(pool.run(() => ({ what }))).rejects.toMatchObject({ name: 'JobLimitError', over });
    const after = await pool.run(() => ({ what: 'echo', value: 7 }));
    expect([after.value, after.pid === before.pid]).toEqual([7, false]);
    await eventually(() => !isUp(before.pid)); // Giving back its memory takes the system a moment.
  });

  it('lets groups take turns', async () => {
    open();
    const done: string[] = [];
    const run = (group: string, i: number) =>
      pool.run(() => ({ what: 'echo' }), group).then(() => done.push(`${group}${i}`));
    await Promise.all([...[0, 1, 2, 3, 4].map((i) => run('a', i)), run('b', 0), run('c', 0)]);
    expect(done.slice(0, 4).sort()).toEqual(['a0', 'a1', 'b0', 'c0']);
  });

  it('leaves a process to others, however many jobs one group has', async () => {
    open({ processes: 3 });
    const held = Promise.allSettled([0, 1, 2, 3].map(() => pool.run(() => ({ what: 'hang' }), 'a')));
    expect((await pool.run(() => ({ what: 'echo', value: 1 }), 'b')).value).toBe(1);
    pool.close();
    await held;
  });

  it('takes no more than may wait', async () => {
    open({ waitingAtMost: 3 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 9 }, () => pool.run(() => ({ what: 'echo' }))),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(5);
    expect(outcomes.at(-1)).toMatchObject({ reason: { name: 'JobsBusyError' } });
  });

  it('ends a process that has nothing to do, and starts another one later', async () => {
    open({ idleMs: 50 });
    const { pid } = await pool.run(() => ({ what: 'echo' }));
    for (let i = 0; i < 200 && isUp(pid); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isUp(pid)).toBe(false);
    expect((await pool.run(() => ({ what: 'echo' }))).pid).not.toBe(pid);
  });

  it('rejects what waits and runs when it closes', async () => {
    open();
    const jobs = [pool.run(() => ({ what: 'hang' })), pool.run(() => ({ what: 'echo' }))];
    pool.close();
    for (const { status } of await Promise.allSettled(jobs)) expect(status).toBe('rejected');
    await expect(pool.run(() => ({ what: 'echo' }))).rejects.toThrow('closed');
  });
});
