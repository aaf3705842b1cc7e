import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { closedSessions, SessionInfo } from './session-info.js';
import { readTakenAt, type TakenAt } from './time/taken-at.js';

const read = (header: string, line: string) =>
  closedSessions(header.toLowerCase().split(','), line.split(','))[0];

describe('closedSessions', () => {
  it('reads the list of version 2', () => {
    const header =
      'device_id,session_id,session_start,session_end,duration_min,unique_track_ids,disk_free_gb,chargelevel_start,chargelevel_end';
    expect(
      read(header, 'pi,12,2026-05-03T13:00:12,2026-05-03T13:40:00,39.8,31,12.4,91,USB_C_IN'),
    ).toMatchObject({
      session: '12',
      start: { at: '2026-05-03T13:00:12.000000' },
      end: { at: '2026-05-03T13:40:00.000000' },
      minutes: 39.8,
      chargeStart: 91,
      chargeEnd: 'USB_C_IN',
    });
    expect(read(header, 'pi,12,2026-05-03T13:00:12,2026-05-03T13:40:00,39.8,31,12.4')).not.toHaveProperty(
      'chargeEnd',
      91,
    );
  });

  it('reads that of the first versions, past midnight too', () => {
    const header =
      'rec_ID,record_start_date,record_start_time,record_end_time,record_time_min,num_crops,num_IDs,disk_free_gb,chargelevel_start,chargelevel_end';
    expect(read(header, '7,20260503,23-50,00-30,40,9,2,12.4,91,NA')).toMatchObject({
      start: { at: '2026-05-03T23:50:00.000000' },
      end: { at: '2026-05-04T00:30:00.000000' },
      chargeEnd: undefined,
    });
  });

  it('takes no line that does not say which session it is', () => {
    expect(read('rec_ID,rec_start', '7,NA')).toBeUndefined();
  });
});

describe('SessionInfo', () => {
  it('tells a session that records from a short one that was closed a few minutes before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trapline-info-'));
    try {
      writeFileSync(
        join(folder, 'session_info.csv'),
        'device_id,session_id,session_start,session_end,duration_min\npi,12,2026-05-03T13:00:12,2026-05-03T13:04:00,3.8\n',
      );
      const info = new SessionInfo();
      await info.read([join(folder, 'session_info.csv')], true);
      const closed = (text: string) => info.of(readTakenAt(text) as TakenAt, undefined)?.session;
      expect(closed('2026-05-03_13-00-00')).toBe('12');
      expect(closed('20260503_13-00')).toBe('12');
      expect(closed('2026-05-03_13-05-00')).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
