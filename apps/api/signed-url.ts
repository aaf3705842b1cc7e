import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^[\w-]{43}$/;
const EXPIRES = /^\d{1,12}$/;

/**
 * Links that open one picture to whoever has them, until they expire: for pages that cannot send a key with an image,
 * such as Grafana's. The signature holds for one path; other parameters of the query do not open anything.
 */
export class SignedUrls {
  constructor(private readonly key: KeyObject) {}

  /**
   * @param path as it will be asked for, without its query, such as `/api/v1/runs/t/r/crops/c`
   * @returns `expires=<seconds since 1970>&signature=…`, for the query
   */
  sign(path: string, expiresAtMs: number): string {
    const expires = String(Math.ceil(expiresAtMs / 1000));
    return `expires=${expires}&signature=${this.hash(path, expires).toString('base64url')}`;
  }

  /** @param expires, signature what came in the query: anything */
  isValid(path: string, expires: unknown, signature: unknown, nowMs: number): boolean {
    if (typeof expires !== 'string' || !EXPIRES.test(expires)) return false;
    if (typeof signature !== 'string' || !SIGNATURE.test(signature)) return false;
    const isOurs = timingSafeEqual(this.hash(path, expires), Buffer.from(signature, 'base64url'));
    return isOurs && Number(expires) * 1000 > nowMs;
  }

  private hash(path: string, expires: string): Buffer {
    return createHmac('sha256', this.key).update(`${expires}\n${path}`).digest();
  }
}
