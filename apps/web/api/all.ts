import { useEffect, useState } from 'preact/hooks';
import { get, withQuery } from './client.js';
import type { ApiProblem } from './problem.js';

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}
/** More than this no page shows. */
const MOST_PAGES = 10;

/** All items of a list, page by page. */
export function useAll<T>(path: string) {
  const [answer, setAnswer] = useState<{ readonly data?: readonly T[]; readonly error?: ApiProblem }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isShown = true;
    loadAll<T>(path).then(
      (data) => isShown && setAnswer({ data }),
      (error) => isShown && setAnswer({ error }),
    );
    return () => {
      isShown = false;
    };
  }, [path, round]);
  return { ...answer, reload: () => setRound(round + 1) };
}

async function loadAll<T>(path: string): Promise<readonly T[]> {
  const items: T[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const [base = path, query = ''] = path.split('?');
    const answer = await get<PageOf<T>>(
      withQuery(base, { ...Object.fromEntries(new URLSearchParams(query)), after }),
    );
    items.push(...answer.items);
    if (!answer.next) break;
    after = answer.next;
  }
  return items;
}
