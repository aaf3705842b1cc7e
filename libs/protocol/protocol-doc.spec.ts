import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sweepSentinels } from '../domain/index.js';
import { parseMessage } from './parse.js';
import { REJECTION_CODES } from './rejection.js';
import { parseTopic } from './topic-names.js';
import { KINDS, topicEntry } from './topics.js';

const doc = readFileSync('docs/protocol.md', 'utf8');

/** Examples stand in fences whose first line names the topic. */
const examples = [...doc.matchAll(/^```json (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, topic = '', json = '']) => [topic, json] as const,
);

/** Rows of tables whose first cell is code. */
const rows = [...doc.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map(
  ([, first = '', rest = '']) => [first, rest.split('|').map((cell) => cell.trim())] as const,
);

describe('docs/protocol.md', () => {
  it.each(examples)('shows a payload for %s that the service takes', (topic, json) => {
    expect(parseMessage(topic, Buffer.from(json))).toHaveProperty('payload');
  });

  it('shows an example of every kind but the crop', () => {
    expect([...new Set(examples.map(([topic]) => parseTopic(topic).kind))].sort()).toEqual(
      KINDS.filter((kind) => kind !== 'crop').sort(),
    );
  });

  it('shows no JSON that is not tested', () => {
    expect(doc.match(/^```json/gm)).toHaveLength(examples.length);
  });

  it.each(KINDS)('tells who publishes %s, whether it is retained and how large it may be', (kind) => {
    const { template, direction, retained, maxBytes } = topicEntry(kind);
    const levels = (topic: string): string => topic.replace(/\{\w+\}/g, '{}');
    const row = rows.find(([topic]) => levels(template).replace('traps/v1/{}/', '') === levels(topic));
    const [publisher, isRetained, , size] = row?.[1] ?? [];
    expect(publisher).toBe(
      {
        'trap-to-service': 'trap',
        'service-to-trap': 'service, for the trap',
        'service-to-all': 'service, for all',
      }[direction],
    );
    expect(isRetained).toBe(retained ? 'yes' : 'no');
    expect(size).toBe(kind === 'crop' ? '1 MB, can be set' : `${maxBytes / 1024} KB`);
  });

  it('names every field for which a device can have no value, and no other', () => {
    const table = doc.slice(
      doc.indexOf('| field | no value |'),
      doc.indexOf('**`temperatureC` of exactly 85**'),
    );
    const documented = [...table.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    );
    const isDocumented = (field: string): boolean =>
      documented.some((name) => new RegExp(`^${name.replace('…', '\\w*')}$`, 'i').test(field)) ||
      (documented.includes('humidity') && /humidity/i.test(field));
    const own = [
      'batteryBackupPct',
      'outerTemperatureC',
      'relativeHumidity',
      'humidityPct',
      'rssi',
      'RSSIdBm',
      'signal',
    ];
    const others = ['lux', 'pressureHpa', 'batteryV', 'uptimeS', 'signalQuality', 'diskUsedMb', 'windMs'];
    const schema = JSON.parse(readFileSync('docs/generated/schemas/telemetry.json', 'utf8'));
    const ofContract = Object.keys(schema.properties);
    for (const field of [...own, ...others, ...ofContract, 'chargeStart', 'chargeEnd'])
      expect([field, sweepSentinels({ [field]: -300 }).absent.length > 0]).toEqual([
        field,
        isDocumented(field),
      ]);
  });

  it('explains every code in the words of the code', () => {
    const codes = rows
      .filter(([first]) => first in REJECTION_CODES)
      .map(([code, [meaning]]) => [code, meaning]);
    expect(Object.fromEntries(codes)).toEqual(REJECTION_CODES);
  });

  it('shows a whole run as commands whose payloads are taken', () => {
    const commands = [...doc.matchAll(/-t \$run\/(\w+) -m '(.+)'/g)];
    expect(commands.map(([, name]) => name)).toEqual(['meta', 'end']);
    for (const [, name, json = ''] of commands) {
      expect(
        parseMessage(`traps/v1/meadow-1/runs/20260601T080000-12-7/${name}`, Buffer.from(json)).kind,
      ).toBe(name);
    }
  });
});
