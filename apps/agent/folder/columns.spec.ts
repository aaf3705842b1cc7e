import { describe, expect, it } from '@jest/globals';
import { columnsOf, columnsOfCount, detectionOf } from './columns.js';
import { readTakenAt, type TakenAt } from './time/taken-at.js';

const V1 = 'rec_ID,timestamp,label,confidence,track_ID,x_min,y_min,x_max,y_max,file_path';
const V18 =
  'cam_ID,rec_ID,timestamp,lens_position,iso_sensitivity,exposure_time,label,confidence,track_ID,track_status,x_min,y_min,x_max,y_max';
const V2 =
  'device_id,session_id,timestamp,label,confidence,track_id,track_status,x_min,y_min,x_max,y_max,lens_position,iso_sensitivity,exposure_time,filename';
const read = (header: string, row: string) => {
  const columns = columnsOf(header.split(','));
  return columns && detectionOf(columns, row.split(','), START);
};
const START = readTakenAt('2026-05-03_13-00-00') as TakenAt;
const BOX = [0.1, 0.2, 0.3, 0.4];

describe('detectionOf', () => {
  it('reads the rows of versions 1.0 to 1.7', () => {
    const row =
      '7,20260503_13-05-12.123456,insect,0.93,4,0.1,0.2,0.3,0.4,insect-detect/data/x/cropped/insect/20260503_13-05-12.123456_4_crop.jpg';
    expect(read(V1, row)).toMatchObject({
      session: '7',
      track: '4',
      taken: { at: '2026-05-03T13:05:12.123456' },
      confidence: 0.93,
      box: BOX,
      file: '20260503_13-05-12.123456_4_crop.jpg',
    });
  });

  it('reads the rows of version 1.8', () => {
    const row = 'pi,7,2026-05-03T13:05:12,131,180,8.33,insect,0.93,4,NEW,0.1,0.2,0.3,0.4';
    expect(read(V18, row)).toMatchObject({
      trap: 'pi',
      session: '7',
      track: '4',
      taken: { at: '2026-05-03T13:05:12.000000' },
      trackStatus: 'NEW',
      lensPosition: 131,
      isoSensitivity: 180,
      exposureTimeMs: 8.33,
      file: undefined,
    });
  });

  it('reads the rows of version 2, by the time in the name of the frame', () => {
    const row =
      'pi,7,2026-05-03T13:05:12.1,insect,0.93,4,TRACKED,0.1,0.2,0.3,0.4,131,180,8.33,pi_2026-05-03_13-05-12-123456.jpg';
    expect(read(V2, row)).toMatchObject({
      taken: { at: '2026-05-03T13:05:12.123456' },
      label: 'insect',
      box: BOX,
    });
  });

  it('cuts off what of a box is outside of the frame, and leaves out what is no box', () => {
    const row = (box: string) => `7,2026-05-03T13:05:12,insect,0.93,4,${box},a_4_crop.jpg`;
    expect(read(V1, row('-0.01,0.2,0.3,1.02'))?.box).toEqual([0, 0.2, 0.3, 1]);
    expect(read(V1, row('0.3,0.2,0.3,0.4'))).not.toHaveProperty('box');
    expect(read(V1, row('nan,0.2,0.3,0.4'))).not.toHaveProperty('box');
  });

  it('takes no row that is not whole', () => {
    expect(read(V18, 'pi,7,2026-05-03T13:05:12,131,180,8.33,insect,0.93,4,NEW,0.1,0.2,0.3')).toBeUndefined();
    expect(read(V18, 'pi,7,yesterday,131,180,8.33,insect,0.93,4,NEW,0.1,0.2,0.3,0.4')).toBeUndefined();
    expect(
      read(V18, 'pi,7,2026-05-03T13:05:12,131,180,8.33,insect,0.93,../4,NEW,0.1,0.2,0.3,0.4'),
    ).toBeUndefined();
  });
});

describe('columnsOf', () => {
  it('knows that a row is no header', () => {
    expect(columnsOf('pi,7,2026-05-03T13:05:12,131'.split(','))).toBeUndefined();
  });

  it('knows the columns of a table whose header was lost by their number', () => {
    for (const header of [V1, V18, V2])
      expect(columnsOfCount(header.split(',').length)).toEqual(columnsOf(header.split(',')));
    expect(columnsOfCount(3)).toBeUndefined();
  });
});
