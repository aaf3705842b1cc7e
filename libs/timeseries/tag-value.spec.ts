import { describe, expect, it } from '@jest/globals';
import { tagValue } from './tag-value.js';

describe('the value of a tag', () => {
  it('is the text itself where that is safe, with _ for each space', () => {
    expect(['trap-1', 'none_bg', 'v1.0', 'Apis mellifera'].map(tagValue)).toEqual([
      'trap-1',
      'none_bg',
      'v1.0',
      'Apis_mellifera',
    ]);
  });

  it('is none where there is no text', () => {
    expect([tagValue(null), tagValue(undefined), tagValue('')]).toEqual(['none', 'none', 'none']);
  });

  it.each(['ends with \\', 'a,b=c', 'Käfer', 'line\nbreak', '"quoted"', 'x'.repeat(200), '\u0000'])(
    'is safe whatever the text is: %j',
    (text) => {
      expect(tagValue(text)).toMatch(/^[\w.-]{1,64}$/);
    },
  );

  it('is another one for another text', () => {
    expect(tagValue('Käfer')).not.toBe(tagValue('Kåfer'));
    expect(tagValue(`${'x'.repeat(64)}a`)).not.toBe(tagValue(`${'x'.repeat(64)}b`));
  });
});
