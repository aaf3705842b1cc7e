import { beforeEach, describe, expect, it } from '@jest/globals';
import { LoginLimit } from './auth.service.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

let limit: LoginLimit;
beforeEach(() => {
  limit = new LoginLimit();
});

/** Fails as often as it may at once. @returns how often that was */
function failAtOnce(name: (i: number) => string, address: (i: number) => string, atMs = NOON): number {
  for (let i = 0; i < 1000; i += 1) if (limit.begin(name(i), address(i), atMs) > 0) return i;
  return Number.POSITIVE_INFINITY;
}

describe('the limit of logins', () => {
  it('lets somebody mistype five times, then asks to wait', () => {
    expect(
      failAtOnce(
        () => 'anna',
        () => 'home',
      ),
    ).toBe(5);
    expect(limit.begin('anna', 'home', NOON)).toBe(1000);
    expect(limit.begin('ben', 'home', NOON)).toBe(0);
  });

  it('doubles the wait with each further failure, up to a quarter of an hour', () => {
    failAtOnce(
      () => 'anna',
      () => 'home',
    );
    let nowMs = NOON;
    const waits = Array.from({ length: 12 }, () => {
      const waitMs = limit.begin('anna', 'home', nowMs);
      nowMs += waitMs;
      expect(limit.begin('anna', 'home', nowMs)).toBe(0);
      return waitMs / 1000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('does not make the wait longer for those who ask meanwhile', () => {
    failAtOnce(
      () => 'anna',
      () => 'home',
    );
    for (let i = 0; i < 50; i += 1) limit.begin('anna', 'home', NOON);
    expect(limit.begin('anna', 'home', NOON + 1000)).toBe(0);
  });

  it('counts an address whichever name it tries, and a name from whichever address it is tried', () => {
    expect(
      failAtOnce(
        (i) => `name-${i}`,
        () => 'one address',
      ),
    ).toBe(20);
    expect(
      failAtOnce(
        () => 'anna',
        (i) => `address ${i}`,
      ),
    ).toBe(50);
  });

  it('lets one stranger lock out nobody who comes from elsewhere for the first time', () => {
    for (let i = 0; i < 1000; i += 1) limit.begin('anna', 'stranger', NOON);
    expect(limit.begin('anna', 'hotel', NOON)).toBe(0);
  });

  it('lets nobody lock out those who are familiar at an address that all share', () => {
    limit.begin('anna', 'proxy', NOON);
    limit.succeeded('anna', 'proxy', NOON);
    failAtOnce(
      (i) => `name-${i}`,
      () => 'proxy',
    );
    expect(limit.begin('ben', 'proxy', NOON)).toBeGreaterThan(0);
    expect(limit.begin('anna', 'proxy', NOON)).toBe(0);
  });

  it('counts tries that come at the same time', () => {
    const waits = Array.from({ length: 8 }, () => limit.begin('anna', 'home', NOON));
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(5);
  });

  it('forgets the failures of a name that logs in, and of everybody after a day', () => {
    for (let i = 0; i < 4; i += 1) limit.begin('anna', 'home', NOON);
    limit.begin('anna', 'home', NOON);
    limit.succeeded('anna', 'home', NOON);
    expect(
      failAtOnce(
        () => 'anna',
        () => 'home',
      ),
    ).toBe(5);
    expect(
      failAtOnce(
        () => 'anna',
        () => 'home',
        NOON + 24 * 60 * MINUTE,
      ),
    ).toBe(5);
  });

  it('lets nobody lock out another one from elsewhere', () => {
    limit.begin('anna', 'office', NOON);
    limit.succeeded('anna', 'office', NOON);
    failAtOnce(
      () => 'anna',
      (i) => `address ${i}`,
    );
    expect(limit.begin('anna', 'office', NOON)).toBe(0);
    expect(limit.begin('anna', 'hotel', NOON)).toBeGreaterThan(0);
  });

  it('keeps as many counters as it has room for, however many names are tried', () => {
    failAtOnce(
      () => 'anna',
      () => 'home',
    );
    for (let i = 0; i < 30_000; i += 1) limit.begin(`name-${i}`, `address-${i}`, NOON);
    expect(limit.size).toBeLessThanOrEqual(10_000);
  });
});
