import { describe, expect, it } from '@jest/globals';
import { isOlderThan, keepers, type PicturedRun } from './retention.js';

const DAY = 86_400_000;
let made = 0;
function run(more: Partial<PicturedRun> = {}): PicturedRun {
  made += 1;
  return {
    trapId: 't1',
    runId: `r${made}`,
    day: '2026-06-01',
    atMs: made,
    lastReceivedAtMs: made,
    complete: true,
    reviewed: false,
    label: 'bee',
    taxon: 'Apis mellifera',
    probability: 0.5,
    ...more,
  };
}

function fate(runs: readonly PicturedRun[], keepBest: number): (string | undefined)[] {
  const known = keepers({ keepBest });
  for (const each of runs) known.note(each);
  return runs.map((each) => known.whyKept(each));
}

describe('pictures stay', () => {
  it('of the first run of each trap, taxon and season', () => {
    const runs = [
      run(),
      run(),
      run({ day: '2027-04-01' }),
      run({ trapId: 't2' }),
      run({ taxon: 'Bombus' }),
      run(),
    ];
    const first = 'first-of-season';
    expect(fate(runs, 0)).toEqual([first, undefined, first, first, first, undefined]);
  });

  it('of the runs with the highest probability of each trap and taxon, of equals of the older', () => {
    const chances = [0.1, 0.5, 0.9, 0.9, 0.9, 0.2];
    const runs = chances.map((probability) => run({ probability }));
    expect(fate(runs, 2)).toEqual(['first-of-season', undefined, 'best', 'best', undefined, undefined]);
    const elsewhere = chances.map((probability) => run({ probability, trapId: 't2' }));
    expect(fate([...runs, ...elsewhere], 2).slice(6)).toEqual(fate(runs, 2));
  });

  it('of a label that is no taxon as of any taxon', () => {
    const runs = ['a', 'a', 'b'].map((label) => run({ taxon: null, label }));
    expect(fate(runs, 0)).toEqual(['first-of-season', undefined, 'first-of-season']);
  });

  it('of what a person has looked at', () => {
    expect(fate([run(), run({ reviewed: true })], 0)[1]).toBe('reviewed');
  });

  it('of what is still open or was never classified, and neither counts as the first or best of anything', () => {
    const runs = [
      run({ complete: false, probability: 1 }),
      run({ label: null, taxon: null, probability: null }),
      run(),
      run(),
    ];
    expect(fate(runs, 1)).toEqual(['open', 'unclassified', 'first-of-season', undefined]);
  });
});

describe('the age of a picture', () => {
  const now = 100 * DAY;
  it('counts from the visit', () => {
    const old = run({ atMs: now - 31 * DAY, lastReceivedAtMs: now - 31 * DAY });
    expect(isOlderThan(old, 30 * DAY, now)).toBe(true);
    expect(isOlderThan(old, 32 * DAY, now)).toBe(false);
  });

  it('counts from its receipt where that is later: what a trap kept for months is not removed the day it comes', () => {
    expect(isOlderThan(run({ atMs: 0, lastReceivedAtMs: now - DAY }), 30 * DAY, now)).toBe(false);
  });
});
