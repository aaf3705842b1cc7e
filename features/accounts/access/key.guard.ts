import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Config } from '../../../libs/config/index.js';
import { Problem } from '../../http/index.js';
import { CONFIG } from '../../platform/index.js';
import { type SignedQuery, SignedUrls } from '../links/signed-url.js';
import { SessionCookie } from '../login/session-cookie.js';
import {
  AllowLegacyToken,
  FromOwnPage,
  hasRole,
  type KeyedRequest,
  MinRole,
  OpenToSignature,
  Public,
  type Role,
  seesTrap,
  TrapLimit,
} from './access.js';
import { type Identity, PrincipalResolver } from './principal.js';
import { narrowToTraps } from './trap-limit.js';

/**
 * Lets nobody in without a key or a login that is good enough for the route, unless the route says that it is public,
 * or opens itself to signed links.
 */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: PrincipalResolver,
    private readonly links: SignedUrls,
    private readonly cookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Pick<Config, 'access'>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Messages of traps: the broker has asked who they are.
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    const request = context.switchToHttp().getRequest<KeyedRequest>();
    if (this.reflector.getAllAndOverride(FromOwnPage, targets)) this.cookie.expectOwnPage(request);
    if (this.reflector.getAllAndOverride(Public, targets)) return true;
    const opens = this.reflector.getAllAndOverride(OpenToSignature, targets);
    const link = opens && takeLink(request);
    const takesAccessToken = this.reflector.getAllAndOverride(AllowLegacyToken, targets) ?? false;
    const identity = await this.callers.identify(request, takesAccessToken);
    if (!identity.sent) {
      if (opens === 'thumbnail' && this.config.access.publicThumbnails) return true;
      if (link) return this.check(link, request);
    }
    const needed: Role = this.reflector.getAllAndOverride(MinRole, targets) ?? 'viewer';
    const caller = principalFor(identity, needed);
    if (caller.viaCookie) this.cookie.expectOwnPage(request);
    request.account = caller;
    narrowToTraps(request, context, caller, this.reflector.getAllAndOverride(TrapLimit, targets));
    this.callers.noteUse(request.account);
    return true;
  }

  private async check(link: SignedQuery, { method, path, params }: Request): Promise<true> {
    const isRead = method === 'GET' || method === 'HEAD';
    const maker = isRead ? this.links.makerOf(path, link, Date.now()) : undefined;
    const signer = maker === undefined ? undefined : await this.callers.signer(maker);
    if (signer && seesTrap(signer, String(params['trapId']))) return true;
    throw new Problem(
      403,
      'link-not-valid',
      'This signed link has expired, was changed, or the key or person that made it has no access any more.',
    );
  }
}

/** Takes the parts of a signed link off the query: the route need not know of them. */
function takeLink(request: Request): SignedQuery | undefined {
  const { by, expires, signature, ...query } = request.query;
  Object.defineProperty(request, 'query', { value: query, configurable: true });
  return expires === undefined && signature === undefined ? undefined : { by, expires, signature };
}

function principalFor({ sent, caller }: Identity, needed: Role): NonNullable<Identity['caller']> {
  if (!sent) throw noKey('Bearer', 'Send an API key: Authorization: Bearer <key>.');
  if (!caller) throw noKey('Bearer error="invalid_token"', 'This key or login is not known, or no longer.');
  if (hasRole(caller, needed)) return caller;
  throw new Problem(403, 'role-too-low', `This needs the role ${needed} or higher.`, {
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
  });
}

const noKey = (challenge: string, detail: string): Problem =>
  new Problem(401, 'no-key', detail, { headers: { 'WWW-Authenticate': challenge } });
