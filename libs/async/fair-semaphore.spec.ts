import { describe, expect, it } from '@jest/globals';
import { FairSemaphore } from './fair-semaphore.js';

const LATER = Number.MAX_SAFE_INTEGER;

describe('a fair semaphore', () => {
  it('lets in as much as it has, and no more', () => {
    const semaphore = new FairSemaphore(10);
    const a = semaphore.join('a', 'here');
    const order: string[] = [];
    a.acquire(6, () => order.push('first'));
    a.acquire(6, () => order.push('second'));
    a.acquire(1, () => order.push('third'));
    expect(order).toEqual(['first']);
    a.release(6);
    expect(order).toEqual(['first', 'second', 'third']);
    expect([semaphore.used, semaphore.peak, semaphore.waiting]).toEqual([7, 7, 0]);
  });

  it('leaves the rest to others when an account or an address has its share', () => {
    const semaphore = new FairSemaphore(100, { account: 0.25, address: 0.5 });
    const granted: string[] = [];
    const ask = (account: string, address: string) =>
      semaphore.join(account, address).acquire(20, () => granted.push(account));
    for (const account of ['a', 'a', 'b', 'c', 'd']) ask(account, 'here');
    ask('e', 'there');
    expect(granted).toEqual(['a', 'b', 'e']);
    expect(semaphore.blocked(LATER, 0).map(({ by }) => by)).toEqual(['account', 'address', 'address']);
  });

  it('counts an account as one wherever it comes from', () => {
    const semaphore = new FairSemaphore(100, { account: 0.25 });
    let granted = 0;
    for (let n = 0; n < 10; n++) semaphore.join('a', `address ${n}`).acquire(10, () => granted++);
    expect(granted).toBe(2);
  });

  it('serves accounts in turn, however many messages one of them has waiting', () => {
    const semaphore = new FairSemaphore(1);
    const [flood, trap] = [semaphore.join('flood', 'here'), semaphore.join('trap', 'here')];
    const order: string[] = [];
    for (let n = 0; n < 100; n++) flood.acquire(1, () => order.push('flood'));
    trap.acquire(1, () => order.push('trap'));
    for (let n = 0; n < 3; n++) flood.release(1);
    expect(order.slice(0, 3)).toContain('trap');
  });

  it('lets something in that is heavier than its share, when it is alone there', () => {
    const semaphore = new FairSemaphore(100, { account: 0.25 });
    let granted = 0;
    semaphore.join('a', 'here').acquire(60, () => granted++);
    expect(granted).toBe(1);
  });

  it('lets a transfer come to its end that is heavier than its share, when it is alone there', () => {
    const semaphore = new FairSemaphore(100, { account: 0.25 });
    const a = semaphore.join('a', 'here');
    let granted = 0;
    a.acquire(20, () => granted++);
    a.unfinished = 20;
    a.acquire(60, () => granted++);
    expect(granted).toBe(2);
    semaphore.join('a', 'here').acquire(1, () => granted++);
    expect(granted).toBe(2);
  });

  it('does not let light ones overtake a heavy one for ever', () => {
    const semaphore = new FairSemaphore(10);
    const a = semaphore.join('a', 'here');
    const b = semaphore.join('b', 'there');
    const order: string[] = [];
    a.acquire(6, () => {});
    b.acquire(9, () => order.push('heavy'));
    a.acquire(1, () => order.push('light'));
    expect(order).toEqual([]);
    a.release(6);
    expect(order).toEqual(['heavy', 'light']);
  });

  it('ends the transfer that has brought least, of the account with most that is unfinished', () => {
    const semaphore = new FairSemaphore(100);
    const evicted: string[] = [];
    const unfinished = (account: string, weight: number, recent: number) => {
      const member = semaphore.join(account, 'here', () => {
        evicted.push(`${account} ${recent}`);
        member.release(weight);
      });
      member.acquire(weight, () => {});
      Object.assign(member, { unfinished: weight, recent });
      return member;
    };
    unfinished('gsm', 10, 1);
    unfinished('flood', 40, 500);
    unfinished('flood', 45, 3);
    let isGranted = false;
    semaphore.join('trap', 'here').acquire(10, () => {
      isGranted = true;
    });
    semaphore.relieve(Date.now() + 2000, 1000);
    expect(evicted).toEqual(['flood 3']);
    expect(isGranted).toBe(true);
  });

  it('ends nothing while it waits for work that is under way', () => {
    const semaphore = new FairSemaphore(100);
    const member = semaphore.join('a', 'here', () => {
      throw new Error('not this one');
    });
    member.acquire(100, () => {});
    semaphore.join('b', 'here').acquire(1, () => {});
    expect(semaphore.relieve(LATER, 0)).toEqual([]);
  });

  it('forgets those who are gone', async () => {
    const semaphore = new FairSemaphore(10);
    const a = semaphore.join('a', 'here');
    a.acquire(5, () => {});
    const giveUp = a.acquire(6, () => {});
    giveUp();
    a.leave();
    expect(semaphore.heldBy('a')).toBe(5);
    const empty = semaphore.whenEmpty();
    a.release(5);
    await empty;
    expect([semaphore.heldBy('a'), semaphore.used, semaphore.waiting]).toEqual([0, 0, 0]);
  });
});
