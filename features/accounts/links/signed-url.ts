import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^[\w-]{43}$/;
const SIGNER_PATTERN = /^[\w.-]{1,128}$/;
const EXPIRES = /^\d{1,12}$/;

/** What stands in the query of a signed link: anything at all, as it came. */
export interface SignedQuery {
  readonly by?: unknown;
  readonly expires?: unknown;
  readonly signature?: unknown;
}

/**
 * Links that open one picture to whoever has them, until they expire: for pages that cannot send a key with an image,
 * such as Grafana's. The signature holds for one path and for who made it; other parameters of the query do not open
 * anything.
 */
export class SignedUrls {
  constructor(private readonly key: KeyObject) {}

  /**
   * @param path as it will be asked for, without its query, such as `/api/v1/runs/t/r/crops/c`
   * @param by who makes the link, as `CurrentPrincipal.signer` names them
   * @returns `by=…&expires=<seconds since 1970>&signature=…`, for the query
   */
  sign(path: string, by: string, expiresAtMs: number): string {
    const expires = String(Math.ceil(expiresAtMs / 1000));
    return `by=${by}&expires=${expires}&signature=${this.hash(path, by, expires).toString('base64url')}`;
  }

  /** @returns who made the link; undefined where it has expired, or is not one of ours for this path */
  makerOf(path: string, { by, expires, signature }: SignedQuery, nowMs: number): string | undefined {
    if (typeof by !== 'string' || !SIGNER_PATTERN.test(by)) return undefined;
    if (typeof expires !== 'string' || !EXPIRES.test(expires)) return undefined;
    if (typeof signature !== 'string' || !SIGNATURE.test(signature)) return undefined;
    const isOurs = timingSafeEqual(this.hash(path, by, expires), Buffer.from(signature, 'base64url'));
    return isOurs && Number(expires) * 1000 > nowMs ? by : undefined;
  }

  private hash(path: string, by: string, expires: string): Buffer {
    return createHmac('sha256', this.key).update(`${expires}\n${by}\n${path}`).digest();
  }
}
