import { describe, expect, it } from '@jest/globals';
import { passwordFault } from './strong-password.js';

const WORDS = ['anna.weber', 'bees.example.org'];

describe('a password', () => {
  it.each([
    'password1234',
    'Passw0rd!2026',
    'aaaaaaaaaaaa',
    '            ',
    '123456789012',
    'qwertyuiop12',
    '1q2w3e4r5t6y',
    'letmeinletmein',
    'trapline2026',
    'annaweber2026',
    'Anna.Weber.1',
    'abcabcabcabc',
    'a'.repeat(256),
  ])('is not taken where it is easy to guess: %s', async (password) => {
    expect(await passwordFault(password, WORDS)).toMatch(/^must /);
  });

  it.each(['short', `  ${'x7q-mk4'}     `, 'x'.repeat(257)])('has its length: %s', async (password) => {
    expect(await passwordFault(password, WORDS)).toMatch(/12 to 256/);
  });

  it.each([
    'nine bees on one flower',
    'k7mqx-hd4w9-2nfpr-ab6ys-eu3tz',
    'hornissen am teich',
    'korrekt pferd akku',
  ])('is taken where it is not: %s', async (password) => {
    expect(await passwordFault(password, WORDS)).toBeUndefined();
  });

  it('is looked at in bounded time, however long it is', async () => {
    const begun = performance.now();
    await passwordFault('x!a9'.repeat(64), WORDS);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
