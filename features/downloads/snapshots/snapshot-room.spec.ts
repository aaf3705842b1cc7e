import { describe, expect, it } from '@jest/globals';
import { superfluous } from './snapshots.js';
import { snapshot } from './spec-snapshot.js';

const LIMITS = { keepMs: 1000, bytes: 350, ofOne: 10, ofAll: 20 };
const going = (
  snapshots: Parameters<typeof superfluous>[0],
  more: Partial<typeof LIMITS> = {},
  inUse: string[] = [],
) =>
  superfluous(snapshots, { ...LIMITS, ...more }, (id) => inUse.includes(id), 2000)
    .map(({ id }) => id)
    .sort();
const used = (id: string, usedAtMs: number, owner = 'key/office') => snapshot(id, { usedAtMs, owner });

describe('the room for snapshots', () => {
  it('is left by those that nobody has used for long', () => {
    expect(going([used('old', 999), used('young', 1000)])).toEqual(['old']);
  });

  it('is left by those first that nobody has used for longest', () => {
    const four = [used('a', 1500), used('b', 1400), used('c', 1900), used('d', 1800)];
    expect(going(four)).toEqual(['b']);
  });

  it('is shared: a key that asks for many loses its own', () => {
    const many = [used('a', 1500), used('b', 1600), used('other', 1400, 'key/lab')];
    expect(going(many, { ofOne: 1 })).toEqual(['a']);
  });

  it('has an end, whoever asks', () => {
    expect(going([used('a', 1500, 'k/1'), used('b', 1600, 'k/2')], { ofAll: 1 })).toEqual(['a']);
  });

  it('is not left by those that are being sent', () => {
    expect(going([used('a', 0), used('b', 1900)], {}, ['a'])).toEqual([]);
  });

  it('holds the last one, however large it is', () => {
    expect(going([snapshot('a', { usedAtMs: 1500, diskBytes: 9000 })])).toEqual([]);
  });
});
