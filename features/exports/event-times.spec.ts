import { expect, it } from '@jest/globals';
import { eventTimes } from './event-times.js';

const RUN = {
  startMs: 1000,
  startOffsetMin: 120,
  endMs: 5000,
  endOffsetMin: 60,
  durationS: null,
  clockSuspect: false,
  timeFrom: null,
  placeMs: 900,
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
  const silent = { ...RUN, startMs: null, startOffsetMin: null, endMs: null, endOffsetMin: null };
  expect(eventTimes(silent, SPAN)).toEqual({
    startMs: 2000,
    startOffsetMin: 0,
    endMs: 4000,
    endOffsetMin: 0,
  });
  expect(eventTimes(silent, undefined)).toMatchObject({ startMs: 900, endMs: 900 });
});

it('takes the duration where the end is missing, and never ends before it starts', () => {
  expect(eventTimes({ ...RUN, endMs: null, durationS: 2.5 }, SPAN)?.endMs).toBe(3500);
  expect(eventTimes({ ...RUN, endMs: 10 }, SPAN)?.endMs).toBe(1000);
  expect(eventTimes({ ...RUN, endMs: null, durationS: -3 }, undefined)?.endMs).toBe(1000);
});

it('knows none where the clock cannot be right, unless the true time became known', () => {
  const unknown = { ...RUN, clockSuspect: true, placeMs: -5 };
  expect(eventTimes(unknown, SPAN)).toBeUndefined();
  const corrected = { ...RUN, clockSuspect: true, timeFrom: 'person' as const, placeMs: 1000 };
  expect(eventTimes(corrected, SPAN)).toMatchObject({ startMs: 1000, endMs: 5000 });
});

it('takes the one of its times that a clock said which was set right meanwhile', () => {
  const mixed = { ...RUN, clockSuspect: true, startMs: 3, placeMs: 5000, durationS: 2 };
  expect(eventTimes(mixed, SPAN)).toEqual({
    startMs: 5000,
    startOffsetMin: 60,
    endMs: 7000,
    endOffsetMin: 60,
  });
});
