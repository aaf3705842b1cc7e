import { describe, expect, it } from '@jest/globals';
import { BodyLimiter } from './body-limiter.js';

const turn = () => new Promise(setImmediate);
const from = (account: string, address = account) => ({ account, address, breakOff: () => {} });

describe('the room for bodies', () => {
  it('lets in as many bytes of an account as its share has, and the others in their turn', async () => {
    const room = new BodyLimiter(400);
    const order: string[] = [];
    const enter = (name: string, bytes: number) =>
      room.enter(bytes, from('trap')).then((share) => {
        order.push(name);
        return share;
      });
    const first = await enter('first', 60);
    const second = enter('second', 60);
    const third = enter('third', 10);
    await turn();
    expect(order).toEqual(['first']);
    first.release();
    (await second).release();
    (await third).release();
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('leaves room for others, whatever one account announces', async () => {
    const room = new BodyLimiter(400);
    for (let i = 0; i < 50; i += 1) void room.enter(100, from('flood'));
    const share = await room.enter(100, from('trap'));
    await share.grow(100);
    share.release();
  });

  it('charges what has come, not what was announced', async () => {
    const room = new BodyLimiter(400);
    for (let i = 0; i < 50; i += 1) await (await room.enter(100, from(`account ${i}`, 'here'))).grow(1);
    const share = await room.enter(100, from('trap', 'here'));
    await share.grow(100);
    share.release();
  });

  it('lets in a body that is larger than all of it, alone', async () => {
    const room = new BodyLimiter(100);
    const share = await room.enter(1000, from('trap'));
    await share.grow(1000);
    const next = room.enter(1, from('trap'));
    share.release();
    (await next).release();
  });

  it('turns away those behind very many of the same account', async () => {
    const room = new BodyLimiter(4);
    await room.enter(1, from('flood'));
    for (let i = 0; i < 200; i += 1) void room.enter(1, from('flood'));
    await expect(room.enter(1, from('flood'))).rejects.toMatchObject({ status: 503, code: 'busy' });
    (await room.enter(1, from('trap'))).release();
  });
});
