import { Random } from '../random.js';
import { liveliness, readings, runFaults, site, spikeOf, weather } from './conditions.js';
import type { Period, Run, Season, SeasonSettings, Session, TrapClock } from './season.js';
import { periods, SESSION_HOURS, stamp } from './timetable.js';
import { track, trackLength } from './track.js';
import { type Visit, visits } from './visits.js';

const WRONG_CLOCKS = 0.05;
const NAIVE_TRAPS = 0.4;

export function seasonOf(settings: SeasonSettings): Season {
  const all = periods(settings);
  return { ...settings, periods: all, spikeAt: spikeOf(settings, all) };
}

/** What a trap sees in one of the season's periods. It is made when it is asked for, and nothing of it is kept. */
export function sessionIn(season: Season, trapId: string, period: Period): Session {
  const expected = season.runsPerSession * liveliness(season.kinds, period.hour, SESSION_HOURS);
  const mean = expected * site(season, trapId) * weather(season, period.date);
  return session(season, trapId, period, mean);
}

/** One session, with `mean` runs on average, and those of the unusual event where it is its place and time. */
export function session(season: Season, trapId: string, period: Period, mean: number): Session {
  const { seed, kinds, timeZone } = season;
  const { startMs, endMs, counter } = period;
  const chance = new Random(seed, 'session', trapId, counter);
  const clock = clockOf(season, trapId, period);
  const sessionId = `${stamp(clock, startMs, timeZone)}-${counter}`;
  // The unusual is counted last: without it, or with another, the usual runs are the same.
  const seen = [...visits(chance, kinds, { ...period, mean }), ...extraVisits(season, trapId, period)];
  return {
    trapId,
    sessionId,
    startMs,
    endMs,
    clock,
    runs: seen.map((visit, i) => run(season, trapId, sessionId, i + 1, visit)),
    readings: readings(season, trapId, period),
  };
}

function run(
  { seed, faults }: SeasonSettings,
  trapId: string,
  sessionId: string,
  trackId: number,
  { atMs, kind }: Visit,
): Run {
  // The tracker counts from 1 in every session, so the run's id carries the session's.
  const runId = `${sessionId}-${trackId}`;
  const chance = new Random(seed, 'run', trapId, runId);
  const crops = track(chance, atMs, trackLength(chance), faults);
  const endMs = crops.at(-1)?.atMs ?? atMs;
  return {
    trapId,
    runId,
    sessionId,
    trackId,
    kind,
    startMs: crops[0]?.atMs ?? atMs,
    endMs,
    crops,
    faults: runFaults(chance, crops, faults),
  };
}

function extraVisits({ seed, spikeAt: spike }: Season, trapId: string, period: Period): Visit[] {
  if (spike?.trapId !== trapId || spike.period.counter !== period.counter) return [];
  const chance = new Random(seed, 'outbreak', trapId);
  return Array.from({ length: spike.runs }, () => ({
    atMs: chance.whole(period.startMs, period.endMs),
    kind: spike.kind,
  }));
}

function clockOf({ seed, faults }: SeasonSettings, trapId: string, { startMs, counter }: Period): TrapClock {
  const naive = faults && new Random(seed, 'zone', trapId).chance(NAIVE_TRAPS);
  const chance = new Random(seed, 'clock', trapId, counter);
  const isWrong = faults && chance.chance(WRONG_CLOCKS);
  return {
    naive,
    wrong: isWrong ? chance.pick(['since-1970', 'years-ahead'] as const) : undefined,
    bootMs: startMs - chance.whole(20, 90) * 1000,
  };
}
