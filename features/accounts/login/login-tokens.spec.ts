import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { LoginTokens, looksLikeLogin } from './login-tokens.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const newTokens = () => new LoginTokens(createSecretKey(randomBytes(32)));
const tokens = newTokens();
const PERSON = { id: 'person-1', generation: 3 };

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the token of a login', () => {
  it('says who, and lasts for twelve hours', async () => {
    const { token, expiresAtMs } = await tokens.issue(PERSON, NOON);
    expect(expiresAtMs).toBe(NOON + 12 * HOUR);
    expect(await tokens.read(token, expiresAtMs - 1000)).toEqual({
      id: expect.any(String),
      personId: 'person-1',
      viaLink: false,
      generation: 3,
      expiresAtMs,
    });
    expect(await tokens.read(token, expiresAtMs)).toBeUndefined();
  });

  it('is another one each time', async () => {
    const [one, other] = [await tokens.issue(PERSON, NOON), await tokens.issue(PERSON, NOON)];
    const ids = await Promise.all(
      [one, other].map(async ({ token }) => (await tokens.read(token, NOON))?.id),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('is worth nothing when it was changed, or signed by another', async () => {
    const { token } = await tokens.issue(PERSON, NOON);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = [
      (await newTokens().issue(PERSON, NOON)).token,
      `${header}.${part({ ...claims, sub: 'person-2' })}.${signature}`,
      `${part({ alg: 'none' })}.${payload}.`,
      `${part({ alg: 'none' })}.${payload}.${signature}`,
      `${part({ alg: 'HS512' })}.${payload}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -2)}`,
      'a.b.c',
    ];
    for (const text of forged) expect([text, await tokens.read(text, NOON)]).toEqual([text, undefined]);
  });

  it('looks like no API key', async () => {
    const { token } = await tokens.issue(PERSON, NOON);
    expect([looksLikeLogin(token), looksLikeLogin(randomBytes(32).toString('base64url'))]).toEqual([
      true,
      false,
    ]);
  });
});
