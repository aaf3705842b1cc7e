import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SignedUrls } from './signed-url.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const PATH = '/api/v1/runs/meadow-1/run-1/crops/0001';
const urls = new SignedUrls(createSecretKey(randomBytes(32)));

const partsOf = (query: string) => Object.fromEntries(new URLSearchParams(query)) as Record<string, string>;

describe('a signed link', () => {
  it('opens its path until it expires', () => {
    const { expires, signature } = partsOf(urls.sign(PATH, NOON));
    expect(expires).toBe(String(NOON / 1000));
    expect(urls.isValid(PATH, expires, signature, NOON - 1)).toBe(true);
    expect(urls.isValid(PATH, expires, signature, NOON)).toBe(false);
  });

  it('opens no other path, for no longer, and by no other key', () => {
    const { expires, signature } = partsOf(urls.sign(PATH, NOON));
    const later = String(Number(expires) + 1);
    expect(urls.isValid(`${PATH}/thumbnail`, expires, signature, 0)).toBe(false);
    expect(urls.isValid(PATH.toUpperCase(), expires, signature, 0)).toBe(false);
    expect(urls.isValid(PATH, later, signature, 0)).toBe(false);
    const others = new SignedUrls(createSecretKey(randomBytes(32)));
    expect(others.isValid(PATH, expires, signature, 0)).toBe(false);
  });

  it.each([
    ['no signature', '1', undefined],
    ['no time', undefined, 'x'.repeat(43)],
    ['two signatures', '1', ['x', 'y']],
    ['a short signature', '1', 'x'],
    ['a time that is none', 'Infinity', 'x'.repeat(43)],
    ['letters that are none of its alphabet', '1', 'é'.repeat(43)],
  ])('is none with %s', (_, expires, signature) => {
    expect(urls.isValid(PATH, expires, signature, 0)).toBe(false);
  });
});
