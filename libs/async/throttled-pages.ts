import { setTimeout as delay } from 'node:timers/promises';

/**
 * Hands pages over and rests after each as long as it took to work on it: half of the time belongs to those who receive
 * crops, since SQLite's reads and locks are handed over in no fair order.
 *
 * @param signal ends the work between two pages
 */
export async function* throttledPages<T>(pages: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T> {
  let startedAt = performance.now();
  for await (const page of pages) {
    yield page;
    signal?.throwIfAborted();
    await delay(performance.now() - startedAt);
    startedAt = performance.now();
  }
}
