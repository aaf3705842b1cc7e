import { describe, expect, it } from '@jest/globals';
import { Semaphore } from './byte-semaphore.js';

describe('a room', () => {
  it('lets in at once what fits, and the rest in turn', () => {
    const room = new Semaphore(10);
    const entered: string[] = [];
    for (const [name, weight] of [
      ['a', 6],
      ['big', 8],
      ['small', 1],
    ] as const) {
      room.enter(weight, () => entered.push(name));
    }
    expect(entered).toEqual(['a']);
    room.leave(6);
    expect(entered).toEqual(['a', 'big', 'small']);
    expect(room.used).toBe(9);
    expect(room.peak).toBe(9);
  });

  it('lets in what is heavier than the room when it is alone', () => {
    const room = new Semaphore(10);
    const entered: number[] = [];
    room.enter(1, () => entered.push(1));
    room.enter(50, () => entered.push(50));
    expect(entered).toEqual([1]);
    room.leave(1);
    expect(entered).toEqual([1, 50]);
  });

  it('moves on when the first in the queue gives up', () => {
    const room = new Semaphore(10);
    const entered: number[] = [];
    room.enter(5, () => {});
    const giveUp = room.enter(8, () => entered.push(8));
    room.enter(2, () => entered.push(2));
    giveUp();
    giveUp();
    expect(entered).toEqual([2]);
    expect(room.used).toBe(7);
  });

  it('tells when it is empty', async () => {
    const room = new Semaphore(1);
    await room.whenEmpty();
    room.enter(1, () => {});
    const empty = room.whenEmpty();
    room.leave(1);
    await empty;
  });
});
