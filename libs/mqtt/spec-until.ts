import { setTimeout as delay } from 'node:timers/promises';

/** Waits, in tests, for what comes by itself. */
export async function until(isTrue: () => boolean, withinMs = 5000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${isTrue}`);
    await delay(5);
  }
}
