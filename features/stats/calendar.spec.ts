import { describe, expect, it } from '@jest/globals';
import { dayText, monthText, weekText } from './count-query.js';

const day = (text: string): number => Date.parse(text) / 86_400_000;

describe('the calendar of counts', () => {
  it.each([
    ['2026-06-01', '2026-W23'],
    ['2026-06-07', '2026-W23'],
    ['2026-06-08', '2026-W24'],
    ['2026-01-01', '2026-W01'],
    ['2027-01-01', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2024-12-30', '2025-W01'],
    ['1970-01-01', '1970-W01'],
  ])('has %s in week %s', (date, week) => expect(weekText(day(date))).toBe(week));

  it('writes days and months', () => {
    expect([dayText(day('2024-02-29')), monthText(day('2024-02-29'))]).toEqual(['2024-02-29', '2024-02']);
  });
});
