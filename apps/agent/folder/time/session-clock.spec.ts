import { describe, expect, it } from '@jest/globals';
import { type ClockEvidence, SessionClock } from './session-clock.js';
import { StepsBack } from './steps-back.js';
import { readTakenAt, type TakenAt, takenAt } from './taken-at.js';

const on = (time: string) => readTakenAt(`2026-10-25T${time}`) as TakenAt;
const closed = (session: string, start: string, end: string, minutes?: number) => ({
  session,
  start: { ...on(start), spanMicros: 1 },
  end: { ...on(end), spanMicros: 1 },
  minutes,
  chargeStart: undefined,
  chargeEnd: undefined,
});
const clockOf = (evidence: Partial<ClockEvidence> & { start: TakenAt }, zone = 'Europe/Berlin') =>
  new SessionClock(zone, evidence);
const orderOf = (...times: string[]) => {
  const order = new StepsBack();
  for (const [i, time] of times.entries()) order.see(on(time), i);
  return order;
};
const track = (clock: SessionClock, ...times: string[]) =>
  clock.tellTrack(
    '1',
    times.map((time) => ({ taken: on(time) })),
  );
const shown = (crops: readonly { taken: TakenAt }[]) =>
  crops.map(({ taken }) => taken.at.slice(11).replace('.000000', ''));

describe('the clock of a session in an hour that comes twice', () => {
  it('tells the pass by the order of the rows', () => {
    const order = orderOf('01:50:00', '02:10:00', '02:50:00', '02:05:00', '02:40:00');
    const clock = clockOf({ start: on('01:45:00'), log: order });
    const at = (position: number) => ({ position, step: order.only });
    expect(
      ['02:10:00', '02:50:00', '02:05:00'].map((time, i) => clock.tell(on(time), at(i + 1)).at.slice(11)),
    ).toEqual(['02:10:00.000000+02:00', '02:50:00.000000+02:00', '02:05:00.000000+01:00']);
    expect(clock.tell(on('01:50:00'), at(0)).at).toBe('2026-10-25T01:50:00.000000');
    expect(clock.tellEdge(on('02:40:00'), 'end').at).toContain('+01:00');
  });

  it('does not believe rows that somebody has sorted by something else', () => {
    const log = orderOf('02:10:00', '02:50:00', '02:05:00', '02:40:00', '02:01:00', '02:30:00');
    const clock = clockOf({ start: on('02:00:00'), log });
    expect(clock.tell(on('02:40:00'), { position: 3, step: log.only }).at).toBe('2026-10-25T02:40:00.000000');
  });

  it('tells the pass by how long the session lasted', () => {
    const crop = (minutes: number, time: string) =>
      shown(
        track(clockOf({ start: on('02:30:00'), closed: closed('1', '02:30:00', '03:30:00', minutes) }), time),
      );
    expect([crop(60, '02:40:00'), crop(120, '02:32:00')]).toEqual([['02:40:00+01:00'], ['02:32:00']]);
  });

  it('tells the pass by the order of the sessions', () => {
    const before = [closed('1', '01:30:00', '02:50:00', 80)];
    const clock = clockOf({ start: on('02:10:00'), closed: closed('2', '02:10:00', '02:20:00', 10), before });
    expect(shown(track(clock, '02:12:00', '02:12:04'))).toEqual(['02:12:00+01:00', '02:12:04+01:00']);
    expect(clock.tellEdge(on('02:10:00'), 'start').at).toContain('+01:00');
  });

  it('takes the shortest visit of a track that has no rows, and puts its crops in order', () => {
    const clock = clockOf({ start: on('01:00:00'), closed: closed('1', '01:00:00', '04:00:00', 240) });
    expect(shown(track(clock, '02:00:02', '02:00:06', '02:59:58'))).toEqual([
      '02:59:58+02:00',
      '02:00:02+01:00',
      '02:00:06+01:00',
    ]);
    expect(shown(track(clock, '02:59:58', '03:00:06'))).toEqual(['02:59:58+01:00', '03:00:06']);
    expect(shown(track(clock, '01:59:58', '02:00:06'))).toEqual(['01:59:58', '02:00:06+02:00']);
  });

  it('takes the numbers of tracks where they have no rows, since these rise', () => {
    const file = (id: string, time: string) => ({
      id,
      rows: [],
      files: [`0/cam_2026-10-25_${time}-000000_ID${id}_crop.jpg`],
    });
    const tracks = [file('1', '02-10-00'), file('2', '02-50-00'), file('3', '02-20-00')];
    const clock = clockOf({
      start: on('01:00:00'),
      closed: closed('1', '01:00:00', '04:00:00', 240),
      index: { tables: [], tracks },
    });
    const crop = (id: string, time: string) => shown(clock.tellTrack(id, [{ taken: on(time) }]));
    expect([crop('1', '02:10:00'), crop('3', '02:20:00')]).toEqual([['02:10:00+02:00'], ['02:20:00+01:00']]);
  });

  it('leaves open what nothing tells, and says nothing on any other night', () => {
    const either = clockOf({ start: on('02:10:00'), closed: closed('1', '02:10:00', '02:40:00', 30) });
    expect(shown(track(either, '02:12:00', '02:12:04'))).toEqual(['02:12:00', '02:12:04']);
    const other = clockOf({ start: takenAt(Date.UTC(2026, 5, 1) * 1000) });
    expect(other.tell(on('02:12:00'))).toEqual(on('02:12:00'));
    expect(clockOf({ start: on('02:10:00') }, 'Etc/UTC').tell(on('02:12:00'))).toEqual(on('02:12:00'));
  });
});
