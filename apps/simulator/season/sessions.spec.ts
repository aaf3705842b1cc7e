import { describe, expect, it } from '@jest/globals';
import { DrawnPictures } from '../pictures/drawn-pictures.js';
import type { Run, SeasonSettings, Session } from './season.js';
import { seasonOf, sessionIn } from './sessions.js';

const SETTINGS: SeasonSettings = {
  seed: 'a',
  trapIds: ['t1', 't2'],
  kinds: new DrawnPictures().kinds,
  days: 10,
  untilMs: Date.UTC(2026, 5, 20, 22),
  runsPerSession: 6,
  timeZone: 'Europe/Berlin',
  faults: false,
  spike: false,
};

function played(changes: Partial<SeasonSettings> = {}, trapId = 't1'): Session[] {
  const season = seasonOf({ ...SETTINGS, ...changes });
  return season.periods.map((period) => sessionIn(season, trapId, period));
}

const runsOf = (sessions: readonly Session[]) => sessions.flatMap(({ runs }) => runs);

describe('a season', () => {
  it('is the same for the same seed, and another for another', () => {
    const faults = { faults: true, spike: true };
    expect(played(faults)).toEqual(played(faults));
    expect(runsOf(played({ seed: 'b' }))).not.toEqual(runsOf(played()));
    expect(runsOf(played({}, 't2'))).not.toEqual(runsOf(played()));
  });

  it('has every session the same whichever is asked for first', () => {
    const season = seasonOf(SETTINGS);
    const backwards = [...season.periods].reverse().map((period) => sessionIn(season, 't1', period));
    expect(backwards.reverse()).toEqual(played());
  });

  it('has four sessions of 40 minutes a day at the same local hours, also where the clocks change', () => {
    const sessions = played({ untilMs: Date.UTC(2026, 9, 30, 22) });
    expect(sessions).toHaveLength(40);
    const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
    expect(new Set(sessions.map(({ startMs }) => local.format(startMs)))).toEqual(
      new Set(['07:00', '11:00', '14:30', '18:00']),
    );
    for (const { startMs, endMs } of sessions) expect(endMs - startMs).toBe(40 * 60_000);
  });

  it('sees most insects around noon', () => {
    const perSlot = [0, 1, 2, 3].map(
      (slot) => runsOf(played({ days: 60 }).filter((_, i) => i % 4 === slot)).length,
    );
    expect(Math.max(perSlot[1] as number, perSlot[2] as number)).toBeGreaterThan(2 * (perSlot[0] as number));
    expect(runsOf(played({ days: 60 })).length / 240).toBeGreaterThan(3);
  });

  it('follows each insect for 1 to 60 crops, in time order, inside of the frame', () => {
    const runs = runsOf(played({ days: 40 }));
    const lengths = runs.map(({ crops }) => crops.length);
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBeGreaterThan(20);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(60);
    const isInOrder = ({ crops }: Run) =>
      crops.every(({ atMs }, i) => i === 0 || atMs > (crops[i - 1]?.atMs as number));
    expect(runs.filter((run) => !isInOrder(run))).toEqual([]);
    const edges = runs.flatMap(({ crops }) => crops.flatMap(({ box }) => box));
    expect(Math.min(...edges)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...edges)).toBeLessThanOrEqual(1);
  });

  it('never gives two runs of a trap the same id, whatever its clock shows', () => {
    const ids = runsOf(played({ days: 120, faults: true })).map(({ runId }) => runId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.some((id) => id.startsWith('1970'))).toBe(true);
  });

  it('has nothing wrong where no faults are asked for, and everything where they are', () => {
    const damages = (faults: boolean) =>
      new Set(runsOf(played({ days: 60, faults })).flatMap(({ crops }) => crops.map(({ damage }) => damage)));
    expect(damages(false)).toEqual(new Set([undefined]));
    expect(damages(true).size).toBe(6);
  });
});

describe('an unusual event', () => {
  it('is many of one kind at one trap, on the last afternoon', () => {
    const { spikeAt } = seasonOf({ ...SETTINGS, spike: true });
    expect(spikeAt?.period.date).toBe('2026-06-20');
    const kinds = (spike: boolean) =>
      runsOf(played({ spike }, spikeAt?.trapId)).filter(({ kind }) => kind === spikeAt?.kind).length;
    expect(kinds(true) - kinds(false)).toBe(spikeAt?.runs);
    expect(spikeAt?.runs).toBeGreaterThanOrEqual(25);
  });

  it('leaves the usual runs as they are', () => {
    const { spikeAt } = seasonOf({ ...SETTINGS, spike: true });
    const usual = runsOf(played({}, spikeAt?.trapId));
    expect(runsOf(played({ spike: true }, spikeAt?.trapId))).toEqual(expect.arrayContaining(usual));
  });
});
