import { describe, expect, it } from '@jest/globals';
import { safeName } from './safe-name.js';

describe('safeName', () => {
  it('leaves ids as they are that every disk takes', () => {
    for (const id of [
      'run-a',
      '20260601T080000-12-7',
      '2026-06-01_ID7-12-00-07',
      'r.7',
      '000012',
      'console',
      'com10',
    ])
      expect(safeName(id)).toBe(id);
  });

  it('gives ids that differ in case only names that do not', () => {
    const ids = ['run-a', 'RUN-A', 'Run-a', 'rUn-A', '1t2', '1T2', 'id7', 'ID7', 'Id7'];
    const folded = ids.map((id) => safeName(id).toLowerCase());
    expect(new Set(folded).size).toBe(ids.length);
  });

  it.each(['con', 'CON', 'aux.', 'nul.1', 'com1', 'LPT9.txt', 'prn.a.b', 'a.', 'run-1.'])(
    'gives %s a name that Windows takes',
    (id) => {
      const name = safeName(id);
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      expect(name).toMatch(/^[\w+.-]*[\w+-]$/);
      expect(name).not.toBe(id);
    },
  );

  it('shortens what would make a path too long, and keeps long ids apart', () => {
    const ids = ['x'.repeat(64), `${'x'.repeat(63)}y`, 'x'.repeat(41)];
    expect(ids.every((id) => safeName(id).length <= 40)).toBe(true);
    expect(new Set(ids.map(safeName)).size).toBe(3);
  });
});
