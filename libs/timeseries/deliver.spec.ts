import { describe, expect, it } from '@jest/globals';
import { writeBatch } from './deliver.js';
import type { Outcome } from './outcome.js';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Takes at most so many at once, and nothing among which is a bad one. */
function server(limit: number, bad: readonly number[] = []) {
  const taken: number[] = [];
  let requests = 0;
  const write = async (items: readonly number[]): Promise<Outcome> => {
    requests += 1;
    if (items.length > limit) return { state: 'too-large', message: '413: too much' };
    const wrong = items.find((item) => bad.includes(item));
    if (wrong !== undefined) return { state: 'refused', message: `400: ${wrong} is wrong` };
    taken.push(...items);
    return { state: 'done' };
  };
  return { taken, write, requests: () => requests };
}

describe('a batch', () => {
  it('goes in one request where nothing is wrong', async () => {
    const { taken, write, requests } = server(1000);
    expect(await writeBatch(numbers(500), write)).toEqual({ written: numbers(500), refused: [] });
    expect([taken, requests()]).toEqual([numbers(500), 1]);
  });

  it('is halved until it is small enough', async () => {
    const { taken, write } = server(60);
    const { written } = await writeBatch(numbers(500), write);
    expect([written, taken]).toEqual([numbers(500), numbers(500)]);
  });

  it('loses only its bad lines, each with what the server says of it', async () => {
    const { taken, write, requests } = server(1000, [3, 250]);
    const { written, refused } = await writeBatch(numbers(500), write);
    const good = numbers(500).filter((n) => n !== 3 && n !== 250);
    expect([written, taken]).toEqual([good, good]);
    expect(refused).toEqual([
      { item: 3, message: '400: 3 is wrong' },
      { item: 250, message: '400: 250 is wrong' },
    ]);
    expect(requests()).toBeLessThan(40);
  });

  it('keeps a line that alone is too large from holding up the others', async () => {
    const { refused } = await writeBatch([1, 2], async (items) =>
      items.includes(2) ? { state: 'too-large', message: '413' } : { state: 'done' },
    );
    expect(refused).toEqual([{ item: 2, message: '413' }]);
  });

  it.each(['busy', 'denied'] as const)(
    'stops where the server is %s, and tells what it has by then',
    async (state) => {
      let requests = 0;
      const delivery = await writeBatch(numbers(8), async (items) => {
        requests += 1;
        if (items.length > 2) return { state: 'too-large', message: '413' };
        return requests < 5 ? { state: 'done' } : { state, message: 'not now' };
      });
      expect(delivery).toEqual({
        written: [0, 1, 2, 3],
        refused: [],
        obstacle: { state, message: 'not now' },
      });
    },
  );

  it('without anything in it is no request', async () => {
    expect(await writeBatch([], () => Promise.reject(new Error('asked')))).toEqual({
      written: [],
      refused: [],
    });
  });
});
