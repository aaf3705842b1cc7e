import { describe, expect, it } from '@jest/globals';
import { parseMessage, parseMessageOf } from './parse.js';
import { isRejection, type Rejection } from './rejection.js';

const RUN = 'traps/v1/t1/runs/r1';
const bytes = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const parse = (topic: string, value: unknown) => parseMessage(topic, bytes(value));
const refusalOf = (topic: string, value: unknown): Rejection | undefined => {
  try {
    parseMessage(topic, value instanceof Uint8Array ? value : bytes(value));
    return undefined;
  } catch (error) {
    if (!isRejection(error)) throw error;
    return error;
  }
};

describe('parseMessage', () => {
  it('hands over the bytes of a crop as they are', () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0x00, 0x80, 0xff);
    expect(parseMessage(`${RUN}/crops/c1`, jpeg)).toEqual({
      kind: 'crop',
      trapId: 't1',
      runId: 'r1',
      cropId: 'c1',
      bytes: jpeg,
    });
  });

  it('hands over a payload with its ids', () => {
    expect(parse(`${RUN}/meta`, { v: 1, start: '2026-06-01T08:00:00', crops: 3 })).toEqual({
      kind: 'meta',
      trapId: 't1',
      runId: 'r1',
      payload: { v: 1, start: '2026-06-01T08:00:00', crops: 3 },
    });
  });

  it('keeps fields that it does not know, inside lists too', () => {
    const end = {
      v: 1,
      status: 'complete',
      end: '2026-06-01T08:00:00Z',
      crops: 1,
      manifest: [{ crop: 'c1', sharpness: 7 }],
      wind: { ms: 2 },
    };
    expect(parse(`${RUN}/end`, end)).toMatchObject({ payload: end });
  });

  it('refuses a message of another kind than was asked for', () => {
    expect(() => parseMessageOf('end', `${RUN}/meta`, bytes({ v: 1, start: '2026-06-01T08:00:00' }))).toThrow(
      /meta/,
    );
    expect(
      parseMessageOf('status', 'traps/v1/t1/status', bytes({ v: 1, state: 'online' })).payload.state,
    ).toBe('online');
  });

  it.each([
    [`${RUN}/meta`, { v: 1 }, 'start', 'start is missing: it must be a time'],
    [`${RUN}/meta`, { v: 1, start: 'today' }, 'start', 'must be a time'],
    [`${RUN}/meta`, { v: 1, start: 1780300800 }, 'start', 'must be a time'],
    [
      `${RUN}/meta`,
      { v: 1, start: '2026-06-01T08:00:00', crops: '3' },
      'crops',
      'whole number of at least 0',
    ],
    [`${RUN}/meta`, { v: 1, start: '2026-06-01T08:00:00', crops: -1 }, 'crops', 'whole number of at least 0'],
    [
      `${RUN}/meta`,
      { v: 1, start: '2026-06-01T08:00:00', crops: 1.5 },
      'crops',
      'whole number of at least 0',
    ],
    [`${RUN}/meta`, { v: 1, start: '2026-06-01T08:00:00', end: null }, 'end', 'must be a time'],
    [`${RUN}/meta`, { v: 1, start: '2026-06-01T08:00:00', session: 'a/b' }, 'session', 'must be an id'],
    [`${RUN}/meta`, { start: '2026-06-01T08:00:00' }, 'v', 'v is missing: it must be 1'],
    [`${RUN}/meta`, { v: 2, start: '2026-06-01T08:00:00' }, 'v', 'must be 1'],
    ['traps/v1/t1/status', { v: 1, state: 'tired' }, 'state', '"online", "sleeping", "offline"'],
    ['traps/v1/t1/info', { v: 1, timeZone: 'Mars/Olympus' }, 'timeZone', 'IANA'],
    ['traps/v1/t1/info', { v: 1, latitude: 90.1 }, 'latitude', 'from -90 to 90'],
    ['traps/v1/t1/info', { v: 1, longitude: '13.4' }, 'longitude', 'from -180 to 180'],
    [
      'traps/v1/t1/telemetry',
      { v: 1, at: '2026-06-01T08:00:00Z', batteryPct: 101 },
      'batteryPct',
      'from 0 to 100',
    ],
    ['traps/v1/t1/sessions/s1', { v: 1, start: '2026-06-01T08:00:00', minutes: -1 }, 'minutes', 'at least 0'],
  ])('refuses %s %j and names %s', (topic, payload, field, message) => {
    const refusal = refusalOf(topic, payload);
    expect(refusal).toMatchObject({ code: 'bad-payload', field });
    expect(refusal?.message).toContain(message);
  });

  it.each([
    [{ crop: '../x' }, 'manifest[0].crop'],
    [{ crop: 'c1', box: [0.2, 0.1, 0.1, 0.3] }, 'manifest[0].box'],
    [{ crop: 'c1', box: [0.1, 0.1, 0.2] }, 'manifest[0].box'],
    [{ crop: 'c1', box: [0.1, 0.1, 1.2, 0.3] }, 'manifest[0].box[2]'],
    [{ crop: 'c1', box: 'left' }, 'manifest[0].box'],
    [{ crop: 'c1', confidence: 1.01 }, 'manifest[0].confidence'],
    [{ crop: 'c1', sha256: 'abc' }, 'manifest[0].sha256'],
    [{ crop: 'c1', bytes: 0 }, 'manifest[0].bytes'],
    ['c1', 'manifest[0]'],
  ])('refuses the line %j of a manifest', (line, field) => {
    const end = { v: 1, status: 'complete', end: '2026-06-01T08:00:00Z', crops: 1, manifest: [line] };
    expect(refusalOf(`${RUN}/end`, end)).toMatchObject({ code: 'bad-payload', field });
  });

  it.each(['[]', '7', 'null', '"text"', 'true'])('refuses %s, which is no object', (json) => {
    expect(refusalOf('traps/v1/t1/info', json)).toMatchObject({
      code: 'bad-payload',
      message: 'the payload must be a JSON object',
    });
  });

  it.each(['{', '{"v":1,}', 'v=1', "{'v':1}", '{"v":NaN}', '{"v":1}\0', '{"v":1,"name":"a\0b"}'])(
    'refuses %j, which is no JSON',
    (json) => {
      const refusal = refusalOf('traps/v1/t1/info', json);
      expect(refusal?.code).toBe('bad-json');
      expect(refusal?.message).not.toContain('\0');
    },
  );

  it('refuses bytes that are not UTF-8', () => {
    const latin1 = Buffer.from('{"v":1,"name":"Wiese s\xfcd"}', 'latin1');
    expect(refusalOf('traps/v1/t1/info', latin1)?.code).toBe('bad-json');
  });

  it('passes over a byte order mark', () => {
    expect(parse('traps/v1/t1/info', '\ufeff{"v":1,"name":"Wiese süd"}')).toMatchObject({
      payload: { name: 'Wiese süd' },
    });
  });

  it('takes the last of a key that comes twice', () => {
    expect(parse('traps/v1/t1/info', '{"v":1,"name":"a","name":"b"}')).toMatchObject({
      payload: { name: 'b' },
    });
  });

  it.each([
    ['{"v":1,"name":"a\\u0000b"}', 'name'],
    ['{"v":1,"name":"\\ud800"}', 'name'],
    ['{"v":1,"x":{"y":["ok","\\u0000"]}}', 'x.y[1]'],
    ['{"v":1,"x":{"__proto__":{"admin":true}}}', 'x'],
  ])('refuses %s, which no database stores', (json, field) => {
    expect(refusalOf('traps/v1/t1/info', json)).toMatchObject({ code: 'bad-payload', field });
  });

  it('refuses names with NUL and an attempt at the prototype', () => {
    expect(refusalOf('traps/v1/t1/info', '{"v":1,"a\\u0000":1}')?.code).toBe('bad-payload');
    expect(refusalOf('traps/v1/t1/info', '{"v":1,"__proto__":{"admin":true}}')?.code).toBe('bad-payload');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('refuses nesting that would exhaust the stack', () => {
    const deep = `{"v":1,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(refusalOf(`${RUN}/end`, deep)).toMatchObject({ code: 'bad-payload' });
    expect(refusalOf(`${RUN}/end`, '['.repeat(200_000))).toMatchObject({ code: 'bad-json' });
  });

  it('refuses what is larger than its topic allows, before it looks inside', () => {
    expect(refusalOf('traps/v1/t1/status', Buffer.alloc(1025, ' '))?.code).toBe('too-large');
    expect(refusalOf(`${RUN}/crops/c1`, Buffer.alloc(1024 * 1024 + 1))?.code).toBe('too-large');
    expect(refusalOf(`${RUN}/crops/c1`, Buffer.alloc(1024 * 1024))).toBeUndefined();
  });

  it('takes the limit for crops as a setting', () => {
    expect(() => parseMessage(`${RUN}/crops/c1`, Buffer.alloc(11), { cropBytes: 10 })).toThrow(/10 bytes/);
    expect(
      parseMessage(`${RUN}/crops/c1`, Buffer.alloc(2 * 1024 * 1024), { cropBytes: 4 * 1024 * 1024 }).kind,
    ).toBe('crop');
  });

  it('refuses empty payloads', () => {
    expect(refusalOf(`${RUN}/crops/c1`, new Uint8Array())?.code).toBe('empty');
    expect(refusalOf('traps/v1/t1/status', '')?.code).toBe('empty');
  });

  it('takes the largest manifest that its topic allows', () => {
    const manifest = Array.from({ length: 2_000 }, (_, at) => ({
      crop: `2026-06-01T08-00-00.${at}`,
      sha256: 'a'.repeat(64),
    }));
    const end = { v: 1, status: 'complete', end: '2026-06-01T08:00:00Z', crops: 2_000, manifest };
    expect(bytes(end).length).toBeGreaterThan(200_000);
    expect(refusalOf(`${RUN}/end`, end)).toBeUndefined();
  });

  it('knows a refusal from an error that passes', () => {
    expect(isRejection(refusalOf('traps/v1/t1/info', '{'))).toBe(true);
    expect(isRejection(new Error('disk full'))).toBe(false);
    expect(isRejection(undefined)).toBe(false);
  });
});
