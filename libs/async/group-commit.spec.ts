import { describe, expect, it } from '@jest/globals';
import { GroupCommit, type GroupCommitOptions } from './group-commit.js';

const asked = (options: Partial<GroupCommitOptions<string, string>> = {}) => {
  const groups: string[][] = [];
  const group = new GroupCommit<string, string>({
    commit: async (items) => {
      groups.push([...items]);
      return items.map((item) => item.toUpperCase());
    },
    bytesOf: (item) => item.length,
    gatherMs: 5,
    maxItems: 100,
    maxBytes: 1000,
    ...options,
  });
  return { group, groups };
};

/** A commit that ends when the test says so. */
function held() {
  const ends: (() => void)[] = [];
  const groups: string[][] = [];
  return {
    groups,
    end: () => ends.shift()?.(),
    commit: (items: readonly string[]) =>
      new Promise<string[]>((resolve) => {
        groups.push([...items]);
        ends.push(() => resolve([...items]));
      }),
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a group commit', () => {
  it('commits what arrives together at once, in the order of arrival', async () => {
    const { group, groups } = asked();
    expect(await Promise.all(['a', 'b', 'c'].map((item) => group.add(item)))).toEqual(['A', 'B', 'C']);
    expect(groups).toEqual([['a', 'b', 'c']]);
  });

  it('does not wait for more when it is full', async () => {
    const { group, groups } = asked({ gatherMs: 60_000, maxItems: 2 });
    await Promise.all(['a', 'b'].map((item) => group.add(item)));
    expect(groups).toEqual([['a', 'b']]);
  });

  it('waits no longer where something is urgent', async () => {
    const { group, groups } = asked({ gatherMs: 60_000 });
    const both = ['a', 'b'].map((item) => group.add(item));
    group.flush();
    await Promise.all(both);
    expect(groups).toEqual([['a', 'b']]);
  });

  it('commits what became urgent during a commit as soon as that has ended', async () => {
    const slow = held();
    const { group } = asked({ commit: slow.commit, gatherMs: 60_000 });
    const first = group.add('a');
    group.flush();
    const second = group.add('b');
    group.flush();
    slow.end();
    await first;
    await pause(5);
    slow.end();
    expect(await second).toBe('b');
  });

  it('starts a new group where the bytes reach the limit', async () => {
    const { group, groups } = asked({ maxBytes: 4 });
    await Promise.all(['aaa', 'bb', 'c', 'd'].map((item) => group.add(item)));
    expect(groups).toEqual([
      ['aaa', 'bb'],
      ['c', 'd'],
    ]);
  });

  it('takes an item that alone is over the limit', async () => {
    const { group, groups } = asked({ maxBytes: 4 });
    await group.add('far too long');
    expect(groups).toEqual([['far too long']]);
  });

  it('commits what arrives during a commit afterwards, without any further arrival', async () => {
    const slow = held();
    const { group } = asked({ commit: slow.commit, gatherMs: 1 });
    const first = group.add('a');
    await pause(10);
    const second = group.add('b');
    await pause(10); // its time to gather passes while the first commit still runs
    slow.end();
    await first;
    await pause(20);
    slow.end();
    expect(await second).toBe('b');
    expect(slow.groups).toEqual([['a'], ['b']]);
  });

  it('never runs two commits at once', async () => {
    const slow = held();
    const { group } = asked({ commit: slow.commit, gatherMs: 1, maxItems: 1 });
    const all = ['a', 'b', 'c'].map((item) => group.add(item));
    for (const expected of [1, 2, 3]) {
      await pause(5);
      expect(slow.groups).toHaveLength(expected);
      slow.end();
    }
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
  });

  it('commits the neighbours of an item that the database refuses', async () => {
    const { group } = asked({
      commit: async (items) => {
        if (items.includes('bad')) throw new Error('refused');
        return items;
      },
    });
    const settled = await Promise.allSettled(['a', 'bad', 'c'].map((item) => group.add(item)));
    expect(settled.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects all of a group with the true error when the database is away, without trying each', async () => {
    let commits = 0;
    const { group } = asked({
      commit: async () => {
        commits += 1;
        throw new Error('no connection');
      },
    });
    const settled = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => group.add(`${i}`)));
    expect(settled).toHaveLength(50);
    for (const result of settled) expect(result).toMatchObject({ reason: { message: 'no connection' } });
    expect(commits).toBeLessThan(10);
  });

  it('goes on after a failed commit', async () => {
    let fails = true;
    const { group } = asked({
      commit: async (items) => {
        if (fails) throw new Error('the disk is full');
        return items;
      },
    });
    await expect(group.add('a')).rejects.toThrow('the disk is full');
    fails = false;
    expect(await group.add('a')).toBe('a');
  });
});
