import { describe, expect, it } from '@jest/globals';
import type { Receipt } from '../domain/index.js';
import {
  buildAlert,
  buildLast,
  buildMessage,
  buildProblem,
  buildReceipt,
  buildResult,
  cropMessage,
} from './build.js';
import { parseMessage } from './parse.js';
import { topicOf } from './topic-names.js';

const RUN = { trapId: 't1', runId: 'r1' };
const AT_MS = Date.UTC(2026, 5, 1, 8);
const AT = '2026-06-01T08:00:00.000Z';
const read = (topic: string, payload: string | Uint8Array) => {
  const message = parseMessage(topic, Buffer.from(payload));
  if (!('payload' in message)) throw new Error('a crop');
  return message.payload;
};
const RESULT = {
  label: 'fly',
  probability: 0.7,
  unsure: false,
  crops: 3,
  model: 'm 1',
  final: true,
  revision: 1,
};

describe('what traps send', () => {
  it('builds a message that parses again', () => {
    const message = buildMessage('status', { trapId: 't1' }, { state: 'online', uptimeS: 7 });
    expect(message).toMatchObject({ topic: 'traps/v1/t1/status', qos: 1, retain: true });
    expect(read(message.topic, message.payload)).toEqual({ v: 1, state: 'online', uptimeS: 7 });
  });

  it('builds a crop from its bytes', () => {
    const jpeg = Uint8Array.of(0xff, 0xd8);
    expect(cropMessage({ ...RUN, cropId: 'c1' }, jpeg)).toEqual({
      topic: 'traps/v1/t1/runs/r1/crops/c1',
      payload: jpeg,
      qos: 1,
      retain: false,
    });
  });

  it('builds nothing that its topic would not take', () => {
    expect(() =>
      buildMessage('status', { trapId: 't1' }, { state: 'online', note: 'x'.repeat(1024) }),
    ).toThrow(RangeError);
  });
});

describe('what the service answers', () => {
  it('builds a receipt as the domain decided it', () => {
    const receipt: Receipt = {
      state: 'incomplete',
      have: 1,
      missing: ['c2'],
      rejected: [{ crop: 'c3', code: 'not-an-image' }],
    };
    expect(read(topicOf.receipt(RUN), buildReceipt(receipt, AT_MS))).toEqual({ v: 1, ...receipt, at: AT });
  });

  it('names as many missing crops as fit and stays incomplete', () => {
    const missing = Array.from({ length: 2_000 }, (_, at) => `20260601T080000-crop-${at}`.padEnd(64, 'x'));
    const rejected = [{ crop: 'c1', code: 'empty' }];
    const payload = buildReceipt({ state: 'incomplete', have: 7, missing, rejected }, AT_MS);
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(16 * 1024);
    const receipt = read(topicOf.receipt(RUN), payload) as { missing: string[] };
    expect(receipt).toMatchObject({ state: 'incomplete', have: 7, missingTotal: 2_000 });
    expect(receipt.missing).toEqual(missing.slice(0, receipt.missing.length));
    expect(receipt.missing.length).toBeGreaterThan(200);
  });

  it('names as many refused crops as fit and stays complete', () => {
    const rejected = Array.from({ length: 2_000 }, (_, at) => ({ crop: `crop-${at}`, code: 'not-an-image' }));
    const receipt = read(
      topicOf.receipt(RUN),
      buildReceipt({ state: 'complete', have: 0, missing: [], rejected }, AT_MS),
    );
    expect(receipt).toMatchObject({ state: 'complete', missing: [], rejectedTotal: 2_000 });
    expect(receipt).not.toHaveProperty('missingTotal');
  });

  it('builds results, without the fields that are undefined', () => {
    expect(read(topicOf.result(RUN), buildResult({ ...RESULT, taxon: undefined }))).toEqual({
      v: 1,
      ...RESULT,
    });
    expect(read(topicOf.last('t1'), buildLast({ ...RESULT, run: 'r1' }))).toEqual({
      v: 1,
      ...RESULT,
      run: 'r1',
    });
  });

  it('builds a problem that fits, whatever was sent', () => {
    for (const odd of [
      'traps/v1/t1/info',
      '\0'.repeat(60_000),
      '"\\'.repeat(30_000),
      '漢'.repeat(30_000),
      '🐝'.repeat(30_000),
    ]) {
      const payload = buildProblem({ topic: odd, code: 'too-many-pixels', message: odd }, AT_MS);
      expect(read(topicOf.problem('t1'), payload)).toMatchObject({ code: 'too-many-pixels', at: AT });
    }
  });

  it('builds alerts', () => {
    const episode = {
      id: 'e1',
      state: 'opened' as const,
      trap: 't1',
      start: AT,
      at: AT,
      count: 12,
      evidence: { hours: [] },
    };
    expect(read(topicOf.alert('activity'), buildAlert(episode))).toEqual({ v: 1, ...episode });
  });
});
