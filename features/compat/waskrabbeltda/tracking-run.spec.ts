import { describe, expect, it } from '@jest/globals';
import { isId } from '../../../libs/domain/index.js';
import { trackingRunOf } from './tracking-runs.js';
import { cropIdOfFile, otherCropId, timeInName } from './upload.js';

const FIELDS = { start_date: '2026-06-01 12:00:00.123456', end_date: '2026-06-01 12:00:07', duration_s: '7' };

describe('the run of an upload', () => {
  it('is named by the day and second of its end and by its track, as waskrabbeltda names it', () => {
    expect(trackingRunOf(7, FIELDS)).toEqual({
      runId: '2026-06-01_ID7-12-00-07',
      trackId: 7,
      start: FIELDS.start_date,
      end: FIELDS.end_date,
      durationS: 7,
    });
  });

  it.each([
    ['2026-06-01T23:59:59.999999', '2026-06-01_ID7-23-59-59'],
    ['2026-06-01T23:30:00+02:00', '2026-06-01_ID7-23-30-00'],
    ['2026-06-01T21:30:00Z', '2026-06-01_ID7-21-30-00'],
  ])('is named by the clock of the trap: %s', (end_date, runId) => {
    expect(trackingRunOf(7, { ...FIELDS, end_date }).runId).toBe(runId);
    expect(isId(runId)).toBe(true);
  });

  it('needs no duration, and no field may be wrong', () => {
    const { duration_s: _duration, ...without } = FIELDS;
    expect(trackingRunOf(7, without).durationS).toBeUndefined();
    const all = { start_date: 'x', end_date: '', duration_s: '-1' };
    expect(() => trackingRunOf(7, all)).toThrow(/start_date .*; end_date .*; duration_s /);
  });
});

describe('the name of a file', () => {
  it('is the id of its crop, without its ending', () => {
    const name = 'trap-3_2026-06-01_12-00-00-123456_ID7_crop';
    for (const ending of ['.jpg', '.JPEG', '.png', '.webp', ''])
      expect(cropIdOfFile(name + ending)).toBe(name);
    expect(timeInName(`${name}.jpg`)).toBe('2026-06-01_12-00-00-123456');
    expect(timeInName('2026-13-01_12-00-00.jpg')).toBeUndefined();
    expect(timeInName('insect.jpg')).toBeUndefined();
  });

  it('becomes an id where it is none, always the same, and no two the same', () => {
    const odd = [
      '',
      '.jpg',
      '..',
      '../etc/passwd',
      'é ü.jpg',
      'e u.jpg',
      'a..b.jpg',
      '-x',
      'x'.repeat(300),
      '\u0000',
    ];
    const ids = odd.map(cropIdOfFile);
    for (const id of ids) expect([id, isId(id)]).toEqual([id, true]);
    expect(new Set(ids).size).toBe(odd.length);
    expect(odd.map(cropIdOfFile)).toEqual(ids);
  });

  it('that comes twice with other bytes becomes another id', () => {
    const id = otherCropId('x'.repeat(64), 'abcdef0123456789');
    expect([isId(id), id.endsWith('-abcdef01')]).toEqual([true, true]);
  });
});
