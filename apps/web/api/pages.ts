import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from './client.js';
import { ApiProblem } from './problem.js';

interface List<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null where there is none, undefined before the first. */
  readonly next: string | null | undefined;
  readonly isLoading: boolean;
  readonly error?: ApiProblem | undefined;
}
const EMPTY: List<never> = { items: [], next: undefined, isLoading: false };
const MOST_KEPT = 5;
/** Kept, so that who comes back finds the list as it was, and at the same place. */
const lists = new Map<string, Signal<List<unknown>>>();

/** The address of the page that shows a list. */
const shownAt = new Map<string, string>();

function listOf<T>(path: string): Signal<List<T>> {
  const known = lists.get(path) as Signal<List<T>> | undefined;
  if (known) return known;
  const made = signal<List<T>>(EMPTY);
  lists.set(path, made as Signal<List<unknown>>);
  if (lists.size > MOST_KEPT) lists.delete(lists.keys().next().value as string);
  return made;
}

/** A list that grows page by page. @param path with its filters, but `after` */
export function usePages<T>(path: string) {
  const list = listOf<T>(path);
  shownAt.set(path, location.pathname + location.search);
  const more = () => void loadMore(path, list);
  useEffect(() => {
    if (list.value.next === undefined) more();
  }, [path]);
  const again = () => {
    list.value = EMPTY;
    more();
  };
  return { ...list.value, isComplete: list.value.next === null, more, again };
}

/** What the first page has now that the list has not. */
async function newerThan<T>(list: Signal<List<T>>, path: string, keyOf: (item: T) => string): Promise<T[]> {
  const { items } = await get<{ items: T[] }>(path);
  const known = new Set(list.value.items.map(keyOf));
  return items.filter((item) => !known.has(keyOf(item)));
}

/** How many are newer than the list that was loaded, up to one page. */
export const countNewer = async <T>(path: string, keyOf: (item: T) => string): Promise<number> =>
  (await newerThan(listOf<T>(path), path, keyOf)).length;

/** What is newer than the list that was loaded, put before it. */
export async function loadNewer<T>(path: string, keyOf: (item: T) => string): Promise<void> {
  const list = listOf<T>(path);
  const newer = await newerThan(list, path, keyOf);
  list.value = { ...list.value, items: [...newer, ...list.value.items] };
}

async function loadMore<T>(path: string, list: Signal<List<T>>): Promise<void> {
  const { isLoading, next, items } = list.value;
  if (isLoading || next === null) return;
  list.value = { items, next, isLoading: true };
  try {
    const after = next === undefined ? '' : `&after=${encodeURIComponent(next)}`;
    const page = await get<{ items: T[]; next?: string }>(path + after);
    list.value = { items: [...items, ...page.items], next: page.next ?? null, isLoading: false };
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem(0, 'internal', String(error));
    list.value = { items, next, isLoading: false, error: problem };
  }
}

interface Neighbours<T> {
  /** Where the list is shown */
  readonly list?: string | undefined;
  /** What the API was asked for */
  readonly path?: string | undefined;
  readonly newer?: T | undefined;
  readonly older?: T | undefined;
}

/** Where the newest list with this item is shown, and what stands before and behind it there. */
export function neighboursOf<T>(key: string, keyOf: (item: T) => string): Neighbours<T> {
  for (const [path, list] of [...lists].reverse()) {
    const items = list.value.items as readonly T[];
    const index = items.findIndex((item) => keyOf(item) === key);
    if (index < 0) continue;
    return { list: shownAt.get(path), path, newer: items[index - 1], older: items[index + 1] };
  }
  return {};
}
