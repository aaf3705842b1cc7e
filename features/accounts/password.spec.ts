import { describe, expect, it } from '@jest/globals';
import { hashPassword, isPassword, isPasswordOf, newPassword } from './password.js';

describe('a password', () => {
  it('is known by an argon2id hash of 19 MiB that differs each time', async () => {
    const [one, other] = [await hashPassword('Käferfalle 2026'), await hashPassword('Käferfalle 2026')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await isPasswordOf(one, 'Käferfalle 2026')).toBe(true);
    expect(await isPasswordOf(one, 'käferfalle 2026')).toBe(false);
  });

  it('is the same whichever way a keyboard makes its letters', async () => {
    const hash = await hashPassword('Käferfalle'.normalize('NFD'));
    expect(await isPasswordOf(hash, 'Käferfalle'.normalize('NFC'))).toBe(true);
  });

  it('is nobody’s where there is no such person', async () => {
    expect(await isPasswordOf(undefined, 'whatever it is')).toBe(false);
  });

  it('has 12 to 256 characters', () => {
    expect(['a'.repeat(11), 'a'.repeat(12), '🐝'.repeat(256), 'a'.repeat(257)].map(isPassword)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is never generated twice, and is one that may be chosen', () => {
    const generated = Array.from({ length: 100 }, newPassword);
    expect(new Set(generated).size).toBe(100);
    for (const password of generated) expect(password).toMatch(/^([a-z2-9]{5}-){4}[a-z2-9]{5}$/);
    expect(generated.every(isPassword)).toBe(true);
  });
});
