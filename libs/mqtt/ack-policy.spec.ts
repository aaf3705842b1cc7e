import { describe, expect, it } from '@jest/globals';
import { readTopic } from '../protocol/index.js';
import { type AckPolicy, acknowledgeWith } from './ack-policy.js';
import type { Message } from './message.js';

const MESSAGE: Message = {
  topic: 'a',
  parsed: readTopic('a'),
  payload: Buffer.alloc(0),
  qos: 1,
  retain: false,
  duplicate: false,
};
class Rejection extends Error {}

function settling(more: Partial<AckPolicy>) {
  const log: string[] = [];
  const closing = new AbortController();
  const settle = acknowledgeWith({
    handle: () => {},
    isRejection: (error) => error instanceof Rejection,
    refuse: async (_message, error) => {
      log.push(`dead letter: ${(error as Error).message}`);
    },
    closing: closing.signal,
    backoff: { firstMs: 1, lastMs: 4 },
    onRetry: (_message, error, attempt) => log.push(`${attempt}: ${error}`),
    onRefused: () => log.push('refused'),
    ...more,
  });
  return { settle, log, closing };
}

describe('settling', () => {
  it('waits for the handler', async () => {
    let isDone = false;
    const { settle } = settling({
      handle: async () => {
        await new Promise(setImmediate);
        isDone = true;
      },
    });
    expect(await settle(MESSAGE)).toBe(true);
    expect(isDone).toBe(true);
  });

  it('makes a dead letter of a refusal', async () => {
    const { settle, log } = settling({
      handle: () => {
        throw new Rejection('not an image');
      },
    });
    expect(await settle(MESSAGE)).toBe(true);
    expect(log).toEqual(['dead letter: not an image', 'refused']);
  });

  it('tries again, with growing pauses and without end, when the infrastructure fails', async () => {
    let attempts = 0;
    const pauses: number[] = [];
    const { settle } = settling({
      handle: () => {
        if (++attempts < 9) throw new Error('disk full');
      },
      onRetry: (_message, _error, _attempt, pauseMs) => pauses.push(pauseMs),
    });
    expect(await settle(MESSAGE)).toBe(true);
    expect(attempts).toBe(9);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(4);
    expect(pauses[7]).toBeGreaterThan(pauses[0] as number);
  });

  it('tries again when the dead letter cannot be written', async () => {
    const failures = [new Error('disk full')];
    const { settle, log } = settling({
      handle: () => {
        throw new Rejection('not an image');
      },
      refuse: async () => {
        const failure = failures.shift();
        if (failure) throw failure;
      },
    });
    expect(await settle(MESSAGE)).toBe(true);
    expect(log).toEqual(['1: Error: disk full', 'refused']);
  });

  it('stops waiting when the process closes, and leaves the message unsettled', async () => {
    const { settle, closing } = settling({
      handle: () => Promise.reject(undefined),
      backoff: { firstMs: 60_000, lastMs: 60_000 },
    });
    const many = Array.from({ length: 64 }, () => settle(MESSAGE));
    await new Promise(setImmediate);
    closing.abort();
    expect(new Set(await Promise.all(many))).toEqual(new Set([false]));
  });

  it('still settles what succeeds while the process closes', async () => {
    const { settle, closing } = settling({ handle: () => closing.abort() });
    expect(await settle(MESSAGE)).toBe(true);
  });
});
