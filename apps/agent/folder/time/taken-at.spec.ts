import { describe, expect, it } from '@jest/globals';
import { isId, isTimeText } from '../../../../libs/domain/index.js';
import { cropIdAt, microsOf, readTakenAt, secondsText } from './taken-at.js';

describe('readTakenAt', () => {
  it.each([
    ['2026-05-03T13:05:12.123456', '2026-05-03T13:05:12.123456'],
    ['2026-05-03T13:05:12', '2026-05-03T13:05:12.000000'],
    ['2026-05-03 13:05:12.5', '2026-05-03T13:05:12.500000'],
    ['20260503_13-05-12.123456', '2026-05-03T13:05:12.123456'],
    ['2026-05-03_13-05-12-000007', '2026-05-03T13:05:12.000007'],
    ['20260503_13-05', '2026-05-03T13:05:00.000000'],
    ['1970-01-01T00:00:03', '1970-01-01T00:00:03.000000'],
    ['2039-12-31T23:59:59.999999', '2039-12-31T23:59:59.999999'],
  ])('reads %s, to the microsecond', (text, at) => {
    expect(readTakenAt(text)?.at).toBe(at);
    expect(isTimeText(at)).toBe(true);
  });

  it.each([
    '',
    'NA',
    '2026-13-03T13:05:12',
    '2026-02-30T13:05:12',
    '2026-05-03T24:05:12',
    '13:05:12',
    '2026-05-03',
  ])('takes "%s" for no time', (text) => expect(readTakenAt(text)).toBeUndefined());
});

describe('the id of a crop', () => {
  it('sorts in time order, is an id, and can be turned back', () => {
    const times = [
      '1970-01-01T00:00:01',
      '2026-05-03T13:05:12.000009',
      '2026-05-03T13:05:12.00001',
      '2026-05-03T13:05:13',
    ];
    const micros = times.map((time) => readTakenAt(time)?.micros as number);
    const ids = micros.map(cropIdAt);
    expect(ids).toEqual([...ids].sort());
    expect(ids[1]).toBe('20260503T130512.000009');
    expect(ids.every(isId)).toBe(true);
    expect(ids.map(microsOf)).toEqual(micros);
  });

  it('begins as that of its session does', () => {
    expect(secondsText(readTakenAt('2026-05-03_13-00-00') as never)).toBe('20260503T130000');
  });
});
