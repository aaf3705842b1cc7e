import { describe, expect, it } from '@jest/globals';
import { endMessages, parseMessageOf } from '../../../libs/protocol/index.js';
import { readTakenAt, type TakenAt } from '../folder/time/taken-at.js';
import { manifestLine, runIdOf, sessionIdOf, sessionMessage, spanOf } from './run-messages.js';

const at = (text: string) => readTakenAt(text) as TakenAt;
const START = at('2026-05-03_13-00-00');
const NAMES = { trapId: 't', runId: 'r', sessionId: 's' };
const crop = (time: string) => ({ cropId: time.replace(/[-:]/g, ''), taken: at(time), path: '', cut: false });

describe('ids', () => {
  it('bear the start of the session and the track, and nothing that stands in tables only', () => {
    const session = sessionIdOf(START);
    expect([session, runIdOf(session, { trackId: '7' })]).toEqual(['20260503T130000', '20260503T130000-7']);
  });
});

describe('spanOf', () => {
  it('does not believe a clock that jumps by years in the middle of a run', () => {
    const crops = [
      '1970-01-01T00:00:01',
      '2026-05-03T13:00:05',
      '2026-05-03T13:00:09',
      '2039-01-01T00:00:00',
    ].map(crop);
    expect(spanOf(crops, START)).toMatchObject({
      start: { at: '2026-05-03T13:00:05.000000' },
      end: { at: '2026-05-03T13:00:09.000000' },
    });
    expect(spanOf(crops.slice(0, 1), START)?.start.at).toBe('1970-01-01T00:00:01.000000');
  });
});

describe('endMessages', () => {
  it('shares a manifest that is too large among several messages, each of which says how many there are', () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      manifestLine({ ...crop('2026-05-03T13:00:05'), cropId: `c${i}` }, 'a'.repeat(64), 16_000),
    );
    const messages = endMessages(
      NAMES,
      { status: 'complete', end: START.at, crops: lines.length },
      lines,
    ).map(({ topic, payload }) => parseMessageOf('end', topic, Buffer.from(payload)));
    expect(messages.length).toBeGreaterThan(1);
    expect(messages.flatMap(({ payload }) => payload.manifest?.map((line) => line.crop))).toEqual(
      lines.map((line) => line.crop),
    );
    expect(new Set(messages.map(({ payload }) => payload.crops))).toEqual(new Set([3000]));
    expect(new Set(messages.map(({ payload }) => payload.parts))).toEqual(new Set([messages.length]));
  });
});

describe('sessionMessage', () => {
  it('tells how long a session lasted that nobody closed, as far as it is known', () => {
    const { payload } = sessionMessage('t', 's', START, {
      closed: undefined,
      lastSeen: at('2026-05-03T13:30:30'),
    });
    expect(JSON.parse(payload as string)).toMatchObject({ end: '2026-05-03T13:30:30.000000', minutes: 30.5 });
  });

  it('tells of one that has begun only when that was', () => {
    const { payload } = sessionMessage('t', 's', START, { closed: undefined });
    expect(JSON.parse(payload as string)).toEqual({ v: 1, start: '2026-05-03T13:00:00.000000' });
  });
});
