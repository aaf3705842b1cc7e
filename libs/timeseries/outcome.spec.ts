import { describe, expect, it } from '@jest/globals';
import { outcomeOf, readRetryAfter } from './outcome.js';

const NOW = Date.UTC(2026, 5, 1, 10);
const stateOf = (status: number) => outcomeOf(status, 'said', undefined, NOW).state;

describe('an answer of InfluxDB', () => {
  it.each([
    [[200, 204], 'done'],
    [[408, 429, 500, 502, 503, 504], 'busy'],
    [[401, 403, 404, 302, 405, 418], 'denied'],
    [[413], 'too-large'],
    [[400, 422], 'refused'],
  ] as const)('%j means %s', (statuses, state) => {
    expect(statuses.map(stateOf)).toEqual(statuses.map(() => state));
  });

  it('is honoured where it says when to come back: in seconds, or a date', () => {
    expect(outcomeOf(429, 'said', '7', NOW)).toEqual({ state: 'busy', message: 'said', retryAfterMs: 7000 });
    expect(readRetryAfter(new Date(NOW + 90_000).toUTCString(), NOW)).toBe(90_000);
    expect(readRetryAfter(new Date(NOW - 90_000).toUTCString(), NOW)).toBe(0);
    expect(readRetryAfter('soon', NOW)).toBeUndefined();
    expect(readRetryAfter(undefined, NOW)).toBeUndefined();
  });
});
