import { expect, it } from '@jest/globals';
import { eventTimes } from './event-times.js';

const RUN = {
  start_ms: 1000,
  start_offset_min: 120,
  end_ms: 5000,
  end_offset_min: 60,
  duration_s: null,
  clock_suspect: 0 as const,
  time_from: null,
  at_ms: 900,
};
const SPAN = { firstMs: 2000, lastMs: 4000 };

it('takes the times that the trap has said', () => {
  expect(eventTimes(RUN, SPAN)).toEqual({
    startMs: 1000,
    startOffsetMin: 120,
    endMs: 5000,
    endOffsetMin: 60,
  });
});

it('takes those of the crops where the trap has said none, and the receipt where nothing tells', () => {
  const silent = { ...RUN, start_ms: null, start_offset_min: null, end_ms: null, end_offset_min: null };
  expect(eventTimes(silent, SPAN)).toEqual({
    startMs: 2000,
    startOffsetMin: 0,
    endMs: 4000,
    endOffsetMin: 0,
  });
  expect(eventTimes(silent, undefined)).toMatchObject({ startMs: 900, endMs: 900 });
});

it('takes the duration where the end is missing, and never ends before it starts', () => {
  expect(eventTimes({ ...RUN, end_ms: null, duration_s: 2.5 }, SPAN)?.endMs).toBe(3500);
  expect(eventTimes({ ...RUN, end_ms: 10 }, SPAN)?.endMs).toBe(1000);
  expect(eventTimes({ ...RUN, end_ms: null, duration_s: -3 }, undefined)?.endMs).toBe(1000);
});

it('knows none where the clock cannot be right, unless the true time became known', () => {
  const unknown = { ...RUN, clock_suspect: 1 as const, at_ms: -5 };
  expect(eventTimes(unknown, SPAN)).toBeUndefined();
  const corrected = { ...RUN, clock_suspect: 1 as const, time_from: 'person' as const, at_ms: 1000 };
  expect(eventTimes(corrected, SPAN)).toMatchObject({ startMs: 1000, endMs: 5000 });
});

it('takes the one of its times that a clock said which was set right meanwhile', () => {
  const mixed = { ...RUN, clock_suspect: 1 as const, start_ms: 3, at_ms: 5000, duration_s: 2 };
  expect(eventTimes(mixed, SPAN)).toEqual({
    startMs: 5000,
    startOffsetMin: 60,
    endMs: 7000,
    endOffsetMin: 60,
  });
});
