import { describe, expect, it } from '@jest/globals';
import { mergeFields } from './merge.js';

interface Meta {
  start?: string;
  end?: string | undefined;
  camera?: { model?: string; serial?: string };
}

describe('mergeFields', () => {
  it('lets the later message win field by field', () => {
    expect(mergeFields<Meta>({ start: 'a', end: 'b' }, { end: 'c' })).toEqual({ start: 'a', end: 'c' });
  });

  it('keeps a field that the later message leaves out', () => {
    expect(mergeFields<Meta>({ start: 'a' }, { end: undefined })).toEqual({ start: 'a' });
    expect(mergeFields<Meta>({ start: 'a', end: 'b' }, { end: undefined })).toEqual({ start: 'a', end: 'b' });
  });

  it('starts from nothing', () => {
    expect(mergeFields<Meta>(undefined, { start: 'a' })).toEqual({ start: 'a' });
  });

  it('replaces a field whole', () => {
    const known: Meta = { camera: { model: 'OAK-1', serial: '7' } };
    expect(mergeFields(known, { camera: { model: 'OAK-D' } })).toEqual({ camera: { model: 'OAK-D' } });
  });

  it('leaves what was known untouched', () => {
    const known: Meta = Object.freeze({ start: 'a' });
    mergeFields(known, { start: 'b' });
    expect(known).toEqual({ start: 'a' });
  });
});
