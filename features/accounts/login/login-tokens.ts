import { type KeyObject, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Login, Person } from '../users.repository.js';

const HOUR_MS = 3_600_000;
/** How long logins last. `day`: a working day, so that an unattended computer is logged out by the next morning. */
export const LOGIN_LASTS_MS = { day: 12 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const;
const ALGORITHM = 'HS256';
const FOR = { issuer: 'trapline', audience: 'trapline-api' };
/** Three parts with dots between them; no API key has a dot. */
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export const looksLikeLogin = (secret: string): boolean => SHAPE.test(secret);

/**
 * The tokens that people get when they log in: JWT, signed with the service's own key. A token names the login and the
 * person; whether the login still counts, and what the person may do, the catalog is asked with every request.
 */
export class LoginTokens {
  constructor(private readonly key: KeyObject) {}

  /** @param more `viaLink`: the person has not proved to know a password, and may choose one without the current one */
  async issue(
    person: Pick<Person, 'id' | 'generation'>,
    nowMs: number,
    { lastsMs = LOGIN_LASTS_MS.day, viaLink = false }: { lastsMs?: number; viaLink?: boolean } = {},
  ): Promise<{ token: string; expiresAtMs: number }> {
    const issuedAtS = Math.floor(nowMs / 1000);
    const expiresAtS = issuedAtS + lastsMs / 1000;
    const token = await new SignJWT({ gen: person.generation, ...(viaLink && { link: true }) })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(FOR.issuer)
      .setAudience(FOR.audience)
      .setSubject(person.id)
      .setJti(randomUUID())
      .setIssuedAt(issuedAtS)
      .setExpirationTime(expiresAtS)
      .sign(this.key);
    return { token, expiresAtMs: expiresAtS * 1000 };
  }

  /** @returns undefined where the token is not one of ours, was changed, or has expired */
  async read(token: string, nowMs: number): Promise<Login | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        ...FOR,
        algorithms: [ALGORITHM],
        currentDate: new Date(nowMs),
        requiredClaims: ['sub', 'jti', 'exp', 'gen'],
      });
      return {
        id: String(payload.jti),
        personId: String(payload.sub),
        generation: Number(payload['gen']),
        expiresAtMs: Number(payload.exp) * 1000,
        viaLink: payload['link'] === true,
      };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
