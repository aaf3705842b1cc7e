import { describe, expect, it } from '@jest/globals';
import { cropKey, isId, NAME_PATTERN, runKey, toName } from './ids.js';

describe('ids', () => {
  it.each(['a', '7', 'camtrap1', '20260503T130000-12-7', 'a.b_c-D', 'x'.repeat(64)])('accepts %s', (id) => {
    expect(isId(id)).toBe(true);
  });

  it.each([
    '',
    '.',
    '..',
    'a..b',
    '-a',
    '_a',
    '.hidden',
    'a/b',
    'a b',
    'ä',
    'a\n',
    'a\0',
    'x'.repeat(65),
    7,
    null,
  ])('refuses %j', (id) => {
    expect(isId(id)).toBe(false);
  });

  it.each([
    ['Volucella zonaria', 'Volucella_zonaria'],
    [' a..b ', 'a.b'],
    ['..', ''],
    ['./../etc', 'etc'],
    ['-rf', 'rf'],
    ['(x)', 'x'],
  ])('makes a name of %j', (text, name) => {
    expect(toName(text, 64)).toBe(name);
    if (name) expect(name).toMatch(NAME_PATTERN);
  });

  it('gives two crops one key only if they are the same crop', () => {
    expect(runKey({ trapId: 'a', runId: 'b' })).toBe('a/b');
    expect(cropKey({ trapId: 'a', runId: 'b-c', cropId: 'd' })).not.toBe(
      cropKey({ trapId: 'a-b', runId: 'c', cropId: 'd' }),
    );
  });
});
