import { describe, expect, it } from '@jest/globals';
import { Rejection } from './rejection.js';
import { FILTER, parseTopic, readTopic, TRAP_FILTERS, topicOf, topicWith } from './topic-names.js';

const refusalOf = (topic: string): Rejection | undefined => {
  try {
    parseTopic(topic);
    return undefined;
  } catch (error) {
    return error as Rejection;
  }
};

describe('parseTopic', () => {
  it.each([
    ['traps/v1/t1/status', { kind: 'status', trapId: 't1' }],
    ['traps/v1/t1/sessions/s1', { kind: 'session', trapId: 't1', sessionId: 's1' }],
    ['traps/v1/t1/runs/r1/meta', { kind: 'meta', trapId: 't1', runId: 'r1' }],
    ['traps/v1/t1/runs/r1/crops/c1', { kind: 'crop', trapId: 't1', runId: 'r1', cropId: 'c1' }],
    ['traps/v1/t1/runs/r1/end', { kind: 'end', trapId: 't1', runId: 'r1' }],
    ['traps/v1/t1/runs/r1/receipt', { kind: 'receipt', trapId: 't1', runId: 'r1' }],
    ['traps/v1/t1/config/applied', { kind: 'configApplied', trapId: 't1' }],
    ['traps/v1/t1/command/c7/answer', { kind: 'commandAnswer', trapId: 't1', commandId: 'c7' }],
    ['alerts/v1/silence', { kind: 'alert', alertKind: 'silence' }],
  ])('takes %s apart', (topic, expected) => {
    expect(parseTopic(topic)).toEqual(expected);
  });

  it.each([
    '',
    '/',
    'traps',
    'traps/v2/t1/status',
    'traps/v1/t1',
    'traps/v1/t1/status/',
    '/traps/v1/t1/status',
    'traps/v1/t1/runs/r1',
    'traps/v1/t1/runs/r1/crops',
    'traps/v1/t1/runs/r1/crops/a/b',
    'Traps/v1/t1/status',
    '$SYS/broker/uptime',
    'traps/v1/t1/unknown',
  ])('refuses %j as no topic of the contract', (topic) => {
    expect(refusalOf(topic)).toMatchObject({ code: 'bad-topic' });
  });

  it.each([
    ['traps/v1//status', 'trapId'],
    ['traps/v1/+/status', 'trapId'],
    ['traps/v1/t1/runs/../end', 'runId'],
    ['traps/v1/t1/runs/r1/crops/a..b', 'cropId'],
    [`traps/v1/t1/sessions/${'x'.repeat(65)}`, 'sessionId'],
    ['traps/v1/t1/runs/r\u0000/end', 'runId'],
    ['alerts/v1/#', 'alertKind'],
  ])('refuses the id in %j', (topic, field) => {
    expect(refusalOf(topic)).toMatchObject({ code: 'bad-id', field });
  });

  it('keeps what it says about an odd topic short and printable', () => {
    const refusal = refusalOf(`traps/\u0000\u0007\ud800${'x'.repeat(60_000)}`);
    expect(refusal?.message.length).toBeLessThanOrEqual(300);
    expect(refusal?.message).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  });
});

describe('topicOf', () => {
  it('builds what parseTopic takes apart', () => {
    const crop = { trapId: 't1', runId: 'r1', cropId: 'c1' };
    expect(topicOf.crop(crop)).toBe('traps/v1/t1/runs/r1/crops/c1');
    expect(parseTopic(topicOf.crop(crop))).toEqual({ kind: 'crop', ...crop });
    expect(topicOf.last('t1')).toBe('traps/v1/t1/last');
    expect(topicOf.last({ trapId: 't1' })).toBe('traps/v1/t1/last');
    expect(topicOf.alert('silence')).toBe('alerts/v1/silence');
  });

  it('builds no topic from what is no id', () => {
    expect(() => topicOf.status('a/b')).toThrow(RangeError);
    expect(() => topicOf.receipt({ trapId: 't1', runId: '+' })).toThrow(RangeError);
  });
});

describe('filters', () => {
  it('has a plus sign for each id', () => {
    expect(FILTER.crop).toBe('traps/v1/+/runs/+/crops/+');
    expect(FILTER.status).toBe('traps/v1/+/status');
  });

  it('covers what traps publish and nothing that the service says', () => {
    expect([...TRAP_FILTERS].sort()).toEqual(
      [
        'traps/v1/+/command/+/answer',
        'traps/v1/+/config/applied',
        'traps/v1/+/info',
        'traps/v1/+/runs/+/crops/+',
        'traps/v1/+/runs/+/end',
        'traps/v1/+/runs/+/meta',
        'traps/v1/+/sessions/+',
        'traps/v1/+/status',
        'traps/v1/+/telemetry',
      ].sort(),
    );
  });
});

describe('readTopic', () => {
  it('finds what ids there are in a topic that was refused', () => {
    expect(readTopic('traps/v1/t1/runs/r1/crops/..').ids).toEqual({ trapId: 't1', runId: 'r1' });
    expect(readTopic('traps/v1/t1/nonsense').ids).toEqual({ trapId: 't1' });
    expect(readTopic('else/where').ids).toEqual({});
  });

  it('says the same of ids that come another way', () => {
    expect(topicWith('end', { trapId: 't1', runId: '..' })).toMatchObject({
      topic: 'traps/v1/t1/runs/../end',
      parsed: { ids: { trapId: 't1' }, fault: { code: 'bad-id', field: 'runId' } },
    });
    expect(topicWith('end', { trapId: 't1', runId: 'r/1' }).parsed.fault?.code).toBe('bad-topic');
    const good = { trapId: 't1', runId: 'r1' };
    expect(topicWith('end', good).parsed).toEqual(readTopic(topicWith('end', good).topic));
  });
});
