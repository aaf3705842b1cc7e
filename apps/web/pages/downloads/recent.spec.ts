import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

const kept = new Map<string, string>();
beforeEach(() => {
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    },
  });
  jest.resetModules();
});
afterEach(() => kept.clear());

const PATH = '/api/v1/downloads/runs.csv?trap=meadow-1';
const read = async () => {
  const { recent, remember, forget } = await import('./recent.js');
  return { shown: () => recent.value, remember, forget };
};

it('keeps the last downloads beyond the life of the page, each once', async () => {
  const { remember } = await read();
  for (let index = 0; index < 12; index += 1)
    remember({ title: `file ${index}`, path: `${PATH}&limit=${index}`, atMs: index });
  remember({ title: 'again', path: `${PATH}&limit=9`, atMs: 99 });
  const titles = ['again', 'file 11', 'file 10', 'file 8', 'file 7', 'file 6', 'file 5', 'file 4'];
  jest.resetModules();
  const { shown, forget } = await read();
  expect(shown().map(({ title }) => title)).toEqual(titles);
  forget(`${PATH}&limit=9`);
  expect(shown().length).toBe(7);
});

it.each([
  ['nothing', undefined],
  ['no JSON', '{'],
  ['no list', '{"a":1}'],
  ['another address', JSON.stringify([{ title: 'x', path: 'https://elsewhere.example/', atMs: 1 }])],
  ['a script', JSON.stringify([{ title: 'x', path: 'javascript:alert(1)', atMs: 1 }, null, 5])],
])('takes %s from the browser for no download', async (_name, stored) => {
  if (stored !== undefined) kept.set('trapline.downloads', stored);
  expect((await read()).shown()).toEqual([]);
});
