import { describe, expect, it } from '@jest/globals';
import { asyncApiDocument } from './asyncapi.js';
import { KINDS, topicEntry } from './topics.js';

type Node = { [key: string]: Node } & { $ref?: string };
const document = asyncApiDocument({ version: '1.2.3', host: 'broker.example:1883' }) as unknown as Node & {
  info: { version: string };
};

const resolve = (ref: string): Node | undefined =>
  ref
    .slice(2)
    .split('/')
    .reduce<Node | undefined>((node, key) => node?.[key], document);

const refsIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [String(value)] : refsIn(value)));
};

describe('asyncApiDocument', () => {
  it('has a channel with address, parameters and message for each kind', () => {
    expect(Object.keys(document['channels'] ?? {})).toEqual(KINDS);
    for (const kind of KINDS) {
      const channel = document['channels']?.[kind];
      expect(channel?.['address']).toBe(topicEntry(kind).template);
      const named = [...topicEntry(kind).template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(channel?.['parameters'] ?? {})).toEqual(named);
      expect(Object.keys(channel?.['messages'] ?? {})).toEqual([kind]);
    }
  });

  it('receives what traps publish and sends what they read', () => {
    const operations = Object.values(document['operations'] ?? {}) as unknown as {
      action: string;
      channel: { $ref: string };
    }[];
    expect(operations).toHaveLength(KINDS.length);
    for (const kind of KINDS) {
      const operation = operations.find(({ channel }) => channel.$ref === `#/channels/${kind}`);
      expect(operation?.action).toBe(topicEntry(kind).direction === 'trap-to-service' ? 'receive' : 'send');
    }
  });

  it('points only at what is there', () => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(KINDS.length);
    for (const ref of refs) expect([ref, typeof resolve(ref)]).toEqual([ref, 'object']);
  });

  it('states the version and the host that it is given', () => {
    expect(document.info.version).toBe('1.2.3');
    expect(document['servers']?.['broker']?.['host']).toBe('broker.example:1883');
  });
});
