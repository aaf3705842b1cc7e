import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { pointTimeNs } from './point-time.js';

const JUNE = Date.UTC(2026, 5, 1, 10);

describe('the time of a point', () => {
  it('is its millisecond, and below that what its name hashes to', () => {
    const hash = BigInt(`0x${createHash('sha256').update('trap-1/run-1').digest('hex').slice(0, 16)}`);
    expect(pointTimeNs(JUNE, 'trap-1/run-1')).toBe(BigInt(JUNE) * 1_000_000n + (hash % 1_000_000n));
  });

  it('is the same every time, and another one for another run of the same millisecond', () => {
    expect(pointTimeNs(JUNE, 'trap-1/run-1')).toBe(pointTimeNs(JUNE, 'trap-1/run-1'));
    const times = new Set(Array.from({ length: 100 }, (_, i) => pointTimeNs(JUNE, `trap-1/run-${i}`)));
    expect(times.size).toBe(100);
  });

  it('never leaves its millisecond', () => {
    for (let i = 0; i < 1000; i += 1) expect(pointTimeNs(JUNE, `t/r-${i}`) / 1_000_000n).toBe(BigInt(JUNE));
  });
});
