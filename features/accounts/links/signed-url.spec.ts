import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SignedUrls } from './signed-url.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const PATH = '/api/v1/runs/meadow-1/run-1/crops/0001';
const BY = 'k-0123';
const urls = new SignedUrls(createSecretKey(randomBytes(32)));

const partsOf = (query: string) => Object.fromEntries(new URLSearchParams(query)) as Record<string, string>;

describe('a signed link', () => {
  it('opens its path until it expires', () => {
    const link = partsOf(urls.sign(PATH, BY, NOON));
    expect(link['expires']).toBe(String(NOON / 1000));
    expect(urls.makerOf(PATH, link, NOON - 1)).toBe(BY);
    expect(urls.makerOf(PATH, link, NOON)).toBeUndefined();
  });

  it('opens no other path, for no longer, and by no other key', () => {
    const link = partsOf(urls.sign(PATH, BY, NOON));
    const later = String(Number(link['expires']) + 1);
    expect(urls.makerOf(`${PATH}/thumbnail`, link, 0)).toBeUndefined();
    expect(urls.makerOf(PATH.toUpperCase(), link, 0)).toBeUndefined();
    expect(urls.makerOf(PATH, { ...link, expires: later }, 0)).toBeUndefined();
    expect(urls.makerOf(PATH, { ...link, by: 'k-0124' }, 0)).toBeUndefined();
    expect(urls.makerOf(PATH, { ...link, by: undefined }, 0)).toBeUndefined();
    const others = new SignedUrls(createSecretKey(randomBytes(32)));
    expect(others.makerOf(PATH, link, 0)).toBeUndefined();
  });

  it.each([
    ['no signature', '1', undefined],
    ['no time', undefined, 'x'.repeat(43)],
    ['two signatures', '1', ['x', 'y']],
    ['a short signature', '1', 'x'],
    ['a time that is none', 'Infinity', 'x'.repeat(43)],
    ['letters that are none of its alphabet', '1', 'é'.repeat(43)],
  ])('is none with %s', (_, expires, signature) => {
    expect(urls.makerOf(PATH, { by: BY, expires, signature }, 0)).toBeUndefined();
  });
});
