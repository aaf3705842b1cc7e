import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from './client.js';
import { ApiProblem } from './problem.js';

/** What is known of one path of the API. */
export interface Answer<T> {
  readonly data?: T | undefined;
  readonly error?: ApiProblem | undefined;
  readonly isLoading: boolean;
}
interface Entry {
  readonly answer: Signal<Answer<unknown>>;
  askedMs: number;
  users: number;
}

/** Younger ones are not asked for again when a page is opened. */
const FRESH_MS = 2000;
const MOST_KEPT = 60;
const entries = new Map<string, Entry>();

/**
 * What the API answers to a path. What was loaded before is shown at once, and loaded again behind it; undefined asks
 * for nothing.
 */
export function useAnswer<T>(path: string | undefined): Answer<T> & { readonly reload: () => void } {
  const entry = path === undefined ? undefined : entryOf(path);
  useEffect(() => {
    if (!entry || path === undefined) return;
    entry.users += 1;
    if (Date.now() - entry.askedMs > FRESH_MS) void load(path);
    return () => {
      entry.users -= 1;
    };
  }, [path]);
  const answer = (entry?.answer.value ?? { isLoading: false }) as Answer<T>;
  return { ...answer, reload: () => path !== undefined && void load(path) };
}

/** Loads again what is shown now, of the paths that begin like this. */
export function refresh(prefix: string): void {
  for (const [path, { users }] of entries) if (users > 0 && path.startsWith(prefix)) void load(path);
}

/** Changes what is shown of a path before the API has been asked. @returns the way back */
export function change<T>(path: string, how: (data: T) => T): () => void {
  const { answer } = entryOf(path);
  const before = answer.value;
  if (before.data !== undefined) answer.value = { ...before, data: how(before.data as T) };
  return () => {
    answer.value = before;
  };
}

export const forgetAnswers = (): void => entries.clear();

function entryOf(path: string): Entry {
  const known = entries.get(path);
  if (known) return known;
  const made = { answer: signal<Answer<unknown>>({ isLoading: true }), askedMs: 0, users: 0 };
  entries.set(path, made);
  if (entries.size > MOST_KEPT) forgetOldest();
  return made;
}

function forgetOldest(): void {
  for (const [path, { users }] of entries) {
    if (users > 0) continue;
    entries.delete(path);
    return;
  }
}

async function load(path: string): Promise<void> {
  const entry = entryOf(path);
  const asked = Date.now();
  entry.askedMs = asked;
  // An older answer must not come over a newer one.
  const show = (answer: Answer<unknown>) => {
    if (entry.askedMs === asked) entry.answer.value = answer;
  };
  try {
    show({ data: await get(path), isLoading: false });
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem(0, 'internal', String(error));
    show({ data: entry.answer.value.data, error: problem, isLoading: false });
  }
}
