import { describe, expect, it } from '@jest/globals';
import { mayRead, mayReadAsViewer, mayReceiveAsViewer, publishFault } from './access.js';
import { readTopic } from './topic-names.js';

const codeOf = (trapId: string, topic: string): string | undefined =>
  publishFault(trapId, readTopic(topic))?.code;

describe('what a trap may publish', () => {
  it.each([
    'status',
    'info',
    'telemetry',
    'sessions/s1',
    'runs/r1/meta',
    'runs/r1/crops/c1',
    'runs/r1/end',
    'config/applied',
    'command/c1/answer',
  ])('lets it publish its own %s', (rest) => {
    expect(codeOf('t1', `traps/v1/t1/${rest}`)).toBeUndefined();
  });

  it.each([
    ['traps/v1/t2/status', 'foreign-topic'],
    ['alerts/v1/silence', 'foreign-topic'],
    ['traps/v1/t1/runs/r1/receipt', 'wrong-direction'],
    ['traps/v1/t1/runs/r1/result', 'wrong-direction'],
    ['traps/v1/t1/last', 'wrong-direction'],
    ['traps/v1/t1/today', 'wrong-direction'],
    ['traps/v1/t1/problem', 'wrong-direction'],
    ['traps/v1/t1/config', 'wrong-direction'],
    ['traps/v1/t1/command/c1', 'wrong-direction'],
    ['traps/v1/t1/runs/../end', 'bad-id'],
    ['$SYS/broker/clients', 'bad-topic'],
    ['homeassistant/device/t1/config', 'bad-topic'],
  ])('refuses %s as %s', (topic, code) => {
    expect(codeOf('t1', topic)).toBe(code);
  });
});

describe('what a trap may read', () => {
  it.each([
    'runs/r1/receipt',
    'runs/+/receipt',
    'runs/r1/result',
    'runs/+/result',
    'last',
    'today',
    'problem',
    'config',
    'command/+',
    'command/c1',
  ])('lets it subscribe to its own %s', (rest) => {
    expect(mayRead('t1', `traps/v1/t1/${rest}`)).toBe(true);
  });

  it.each([
    '#',
    '+',
    '+/#',
    '/',
    '',
    '$SYS/#',
    '$SYS/broker/uptime',
    '$share/g/traps/v1/t1/last',
    'traps/#',
    'traps/v1/#',
    'traps/v1/+/last',
    'traps/v1/+/runs/+/receipt',
    'traps/+/t1/last',
    '+/v1/t1/last',
    'traps/v1/t2/last',
    'traps/v1/t2/runs/+/receipt',
    'traps/v1/t1',
    'traps/v1/t1/#',
    'traps/v1/t1/+',
    'traps/v1/t1/+/+',
    'traps/v1/t1/runs/#',
    'traps/v1/t1/runs/r1/#',
    'traps/v1/t1/runs/+/+',
    'traps/v1/t1/runs/r1/+',
    'traps/v1/t1/runs/+/end',
    'traps/v1/t1/runs/+/crops/+',
    'traps/v1/t1/status',
    'traps/v1/t1/config/#',
    'traps/v1/t1/config/applied',
    'traps/v1/t1/command/#',
    'traps/v1/t1/command/+/answer',
    'traps/v1/t1/+/receipt',
    'traps/v1/t1/runs/r+/receipt',
    'traps/v1/t1/last/',
    'traps/v1/t1/last/#',
    'alerts/v1/+',
    'alerts/v1/silence',
  ])('refuses %j', (filter) => {
    expect(mayRead('t1', filter)).toBe(false);
  });

  it('gives nothing to a name that is no trap id', () => {
    expect(mayRead('+', 'traps/v1/+/last')).toBe(false);
    expect(mayRead('', 'traps/v1//last')).toBe(false);
    expect(mayRead('#', 'traps/v1/#')).toBe(false);
  });
});

describe('what a viewer may read', () => {
  it.each([
    'traps/v1/#',
    'traps/v1/+/last',
    'traps/v1/t1/runs/+/result',
    'traps/v1/+/runs/+/crops/+',
    'alerts/v1/#',
    'alerts/v1/+',
    'homeassistant/#',
    'homeassistant/device/+/config',
  ])('grants %s', (filter) => {
    expect(mayReadAsViewer(filter)).toBe(true);
  });

  it.each([
    '',
    '#',
    '+/#',
    '+',
    '$SYS/#',
    '$share/g/traps/v1/#',
    '+/v1/#',
    'traps/#',
    'traps/+/#',
    'traps/v1',
    'traps/v2/#',
    'traps/v1/#/last',
    'traps/v1/a+/last',
    'traps/v1/a#',
    'other/#',
    'homeassistant',
    'traps/v1/t1/info',
    'traps/v1/+/info',
    'traps/v1/\0/last',
  ])('refuses %j', (filter) => {
    expect(mayReadAsViewer(filter)).toBe(false);
  });

  it('does not hand out exact places under a wildcard', () => {
    expect(mayReceiveAsViewer('traps/v1/t1/info')).toBe(false);
    expect(mayReceiveAsViewer('traps/v1/t1/status')).toBe(true);
    expect(mayReceiveAsViewer('traps/v1/t1/runs/info/result')).toBe(true);
  });
});
