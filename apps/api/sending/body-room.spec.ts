import { describe, expect, it } from '@jest/globals';
import { BodyRoom } from './body-room.js';

describe('the room for bodies', () => {
  it('lets in as many bytes as it has, and the others in their turn', async () => {
    const room = new BodyRoom(100);
    const order: string[] = [];
    const enter = (name: string, bytes: number) =>
      room.enter(bytes).then((release) => {
        order.push(name);
        return release;
      });
    const first = await enter('first', 60);
    const second = enter('second', 60);
    const third = enter('third', 10);
    await new Promise(setImmediate);
    expect(order).toEqual(['first']);
    first();
    (await second)();
    (await third)();
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('lets in a body that is larger than all of it, alone', async () => {
    const room = new BodyRoom(100);
    const release = await room.enter(1000);
    const next = room.enter(1);
    release();
    (await next)();
  });

  it('turns away those behind very many', async () => {
    const room = new BodyRoom(1);
    await room.enter(1);
    for (let i = 0; i < 200; i += 1) void room.enter(1);
    await expect(room.enter(1)).rejects.toMatchObject({ status: 503, code: 'busy' });
  });
});
