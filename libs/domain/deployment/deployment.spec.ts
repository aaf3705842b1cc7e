import { describe, expect, it } from '@jest/globals';
import {
  type DeploymentPeriod,
  freePeriodFor,
  nextDeploymentId,
  openedAt,
  placeSaid,
  whereAt,
} from './deployment.js';

const MEADOW = { latitude: 52.5, longitude: 13.4 };
/** 0.001 degrees of latitude are 111 m, 0.0005 are 56 m. */
const north = (degrees: number) => ({ ...MEADOW, latitude: MEADOW.latitude + degrees });

const deployment = (
  deploymentId: string,
  startMs: number | null,
  endMs: number | null,
  more: Partial<DeploymentPeriod> = {},
): DeploymentPeriod => ({ deploymentId, startMs, endMs, source: 'editor', place: MEADOW, ...more });
const byTrap = { source: 'trap' } as const;

describe('room for a deployment', () => {
  const next = { deploymentId: 'next', startMs: 100, endMs: 200 };
  const nothing = { changed: [], resumed: [], removed: [] };
  const [DURING, AFTER] = [150, 300];

  it('is there where no other overlaps, also right before and right behind', () => {
    const others = [deployment('a', null, 100), deployment('b', 200, null)];
    expect(freePeriodFor(next, others, AFTER)).toEqual(nothing);
  });

  it('ends the one that is still open', () => {
    const changed = [{ deploymentId: 'a', startMs: 50, endMs: 100 }];
    expect(freePeriodFor(next, [deployment('a', 50, null)], DURING)).toEqual({ ...nothing, changed });
    expect(freePeriodFor({ ...next, endMs: null }, [deployment('a', 50, null)], AFTER)).toEqual({
      ...nothing,
      changed,
    });
  });

  it('lets the one that is still open go on behind a deployment of the past', () => {
    expect(freePeriodFor(next, [deployment('a', null, null)], AFTER)).toEqual({
      changed: [{ deploymentId: 'a', startMs: null, endMs: 100 }],
      resumed: [{ deploymentId: 'a', startMs: 200, endMs: null }],
      removed: [],
    });
  });

  it('shortens what an editor said of a time without a beginning', () => {
    expect(freePeriodFor(next, [deployment('a', null, 150)], AFTER)).toEqual({
      ...nothing,
      changed: [{ deploymentId: 'a', startMs: null, endMs: 100 }],
    });
    expect(freePeriodFor(next, [deployment('a', null, 250)], AFTER)).toEqual({
      changed: [{ deploymentId: 'a', startMs: null, endMs: 100 }],
      resumed: [{ deploymentId: 'a', startMs: 200, endMs: 250 }],
      removed: [],
    });
  });

  it.each([
    ['ends within it', 50, 150],
    ['begins within it', 150, 250],
    ['begins with it and is open', 100, null],
    ['begins within it and is open', 150, null],
    ['lies within it', 120, 130],
    ['goes beyond it on both sides', 50, 250],
  ])('is not there where an editor has set one that %s', (_how, startMs, endMs) => {
    expect(freePeriodFor(next, [deployment('a', startMs, endMs)], AFTER).conflict?.deploymentId).toBe('a');
  });

  it.each([
    ['ends within it', 50, 150, [50, 100]],
    ['begins within it', 150, 250, [200, 250]],
    ['begins within it and is open', 150, null, [200, null]],
    ['goes beyond it on both sides', 50, 250, [50, 100]],
    ['has no beginning', null, null, [null, 100]],
  ])('shortens what the trap had said and %s', (_how, startMs, endMs, [from, to]) => {
    expect(freePeriodFor(next, [deployment('a', startMs, endMs, byTrap)], DURING)).toEqual({
      ...nothing,
      changed: [{ deploymentId: 'a', startMs: from, endMs: to }],
    });
  });

  it('removes what the trap had said for a part of its time', () => {
    const others = [deployment('a', 120, 200, byTrap)];
    expect(freePeriodFor(next, others, AFTER)).toEqual({ ...nothing, removed: ['a'] });
  });

  it('passes over its own earlier state', () => {
    expect(freePeriodFor(next, [deployment('next', 0, null)], AFTER)).toEqual(nothing);
  });
});

describe('a place that the trap itself says', () => {
  it('opens the first deployment, for all that came before too', () => {
    expect(placeSaid(MEADOW, [], 500)).toEqual({ is: 'moved', startMs: null, endMs: null });
  });

  it('is the same place within 100 m', () => {
    const standing = [deployment('d1', null, null, byTrap)];
    expect(placeSaid(north(0.0005), standing, 500)).toEqual({ is: 'here', deploymentId: 'd1' });
  });

  it('is another one farther away, from now on', () => {
    const standing = [deployment('d1', null, null, byTrap)];
    expect(placeSaid(north(0.001), standing, 500)).toEqual({ is: 'moved', startMs: 500, endMs: null });
  });

  it('does not overrule an editor', () => {
    expect(placeSaid(north(1), [deployment('d1', 0, null)], 500)).toEqual({ is: 'overruled' });
  });

  it('fills in what an editor left open', () => {
    const standing = [deployment('d1', 0, null, { place: null })];
    expect(placeSaid(MEADOW, standing, 500)).toEqual({ is: 'here', deploymentId: 'd1' });
  });

  it('holds until the next planned deployment where the last one has ended', () => {
    const others = [deployment('d1', 0, 400), deployment('d2', 900, null)];
    expect(placeSaid(MEADOW, others, 500)).toEqual({ is: 'moved', startMs: 500, endMs: 900 });
    expect(openedAt([deployment('d2', 900, null)], 500)).toEqual({ startMs: null, endMs: 900 });
  });
});

describe('where a trap was', () => {
  const two = [deployment('a', 100, 200), deployment('b', 300, null)];

  it('is the deployment that was under way, its end not included', () => {
    expect(whereAt(two, 100)).toMatchObject({ deploymentId: 'a' });
    expect(whereAt(two, 199)).toMatchObject({ deploymentId: 'a' });
    expect(whereAt(two, 9_999)).toMatchObject({ deploymentId: 'b' });
    expect(whereAt([deployment('a', null, null)], -5)).toMatchObject({ deploymentId: 'a' });
  });

  it('is a gap before the first, between two and behind the last', () => {
    expect(whereAt(two, 99)).toEqual({ after: undefined, startMs: null, endMs: 100 });
    expect(whereAt(two, 200)).toEqual({ after: 'a', startMs: 200, endMs: 300 });
    expect(whereAt([deployment('a', 100, 200), deployment('z', 10, 50)], 250)).toEqual({
      after: 'a',
      startMs: 200,
      endMs: null,
    });
    expect(whereAt([], 5)).toEqual({ after: undefined, startMs: null, endMs: null });
  });
});

it('names deployments d1, d2, … and takes no name twice', () => {
  expect(nextDeploymentId([])).toBe('d1');
  expect(nextDeploymentId([{ deploymentId: 'd1' }, { deploymentId: 'spring' }, { deploymentId: 'd3' }])).toBe(
    'd2',
  );
});
