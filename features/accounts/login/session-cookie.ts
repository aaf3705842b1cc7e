import { createHash, type KeyObject } from 'node:crypto';
import type { Request, Response } from 'express';
import { Problem } from '../../http/index.js';

/** Any value does: a foreign page cannot send it without asking first, and this API answers no such question. */
const OWN_PAGE_HEADER = 'x-trapline';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * The cookie that holds the login of a browser. No script reads it, no foreign page makes a browser send it, and behind
 * TLS it is bound to this very host.
 *
 * Its name contains a few letters of the service's key: browsers send cookies to all ports of a host, and two stations on
 * one machine must not log each other out.
 */
export class SessionCookie {
  private readonly name: string;

  constructor(
    key: KeyObject,
    private readonly publicUrl: string | undefined,
  ) {
    this.name = `trapline-${createHash('sha256').update(key.export()).digest('hex').slice(0, 8)}`;
  }

  /** @returns the token of the login; undefined where the request brings none */
  read(request: Request): string | undefined {
    const wanted = `${this.nameFor(request)}=`;
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length);
  }

  set(response: Response, token: string, expiresAtMs: number): void {
    const { req: request } = response;
    response.cookie(this.nameFor(request), token, {
      ...this.attributes(request),
      // How long, and not until when: the clocks of small stations are often behind those of the browsers.
      maxAge: Math.max(0, expiresAtMs - Date.now()),
    });
  }

  clear(response: Response): void {
    response.clearCookie(this.nameFor(response.req), this.attributes(response.req));
  }

  /**
   * Whether a page of this service sent the request. A foreign page can make a browser send requests, but none with this
   * header, and the browser names the page's origin.
   *
   * @throws Problem 403 where it did not
   */
  expectOwnPage(request: Request): void {
    if (SAFE_METHODS.includes(request.method)) return;
    const { [OWN_PAGE_HEADER]: mark, 'sec-fetch-site': site, origin } = request.headers;
    if (mark === undefined)
      throw crossSite('A request with a session cookie that changes something needs the header X-Trapline.');
    if (site !== undefined && site !== 'same-origin')
      throw crossSite('This request comes from another site.');
    if (origin !== undefined && !this.isOwn(origin, request))
      throw crossSite('This request comes from another origin.');
  }

  private isOwn(origin: string, request: Request): boolean {
    if (!URL.canParse(origin)) return false; // `null`, of a page without an origin
    const page = new URL(origin);
    if (this.publicUrl !== undefined && page.origin === new URL(this.publicUrl).origin) return true;
    // `host` as a trusted proxy names it, else as the browser asked for it.
    return page.host === request.host;
  }

  private nameFor(request: Request): string {
    return this.isSecure(request) ? `__Host-${this.name}` : this.name;
  }

  private attributes(request: Request) {
    return { httpOnly: true, sameSite: 'strict', secure: this.isSecure(request), path: '/' } as const;
  }

  private isSecure({ secure }: Request): boolean {
    return secure || this.publicUrl?.startsWith('https:') === true;
  }
}

const crossSite = (detail: string): Problem => new Problem(403, 'cross-site', detail);
