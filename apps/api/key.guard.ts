import { type CanActivate, type ExecutionContext, Inject } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Account, accountBySecret, noteUse } from '../../libs/catalog/index.js';
import { type KeyedRequest, mayAct, Needs, Public, type Role } from './access.js';
import { type ApiParts, PARTS } from './parts.js';
import { Problem } from './problem.js';

const BEARER = /^Bearer +([\w~+/.-]+=*) *$/i;
const NOTE_USE_EVERY_MS = 60_000;

/** Lets nobody in without an API key that is good enough for the route, unless the route says that it is public. */
export class KeyGuard implements CanActivate {
  private readonly notedAtMs = new Map<string, number>();

  constructor(
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Messages of traps: the broker has asked who they are.
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Public, targets)) return true;
    const request = context.switchToHttp().getRequest<KeyedRequest>();
    const account = await this.accountOf(request.headers.authorization);
    const needed: Role = this.reflector.getAllAndOverride(Needs, targets) ?? 'viewer';
    if (!mayAct(account, needed)) {
      const challenge = { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' };
      throw new Problem(403, 'role-too-low', `This needs a key with the role ${needed} or higher.`, {
        headers: challenge,
      });
    }
    this.noteUse(account);
    request.account = account;
    return true;
  }

  // Asked of the catalog every time: a key that is taken back stops to work at once.
  private async accountOf(header: string | undefined): Promise<Account> {
    const secret = BEARER.exec(header ?? '')?.[1];
    if (!secret) throw noKey('Bearer', 'Send an API key: Authorization: Bearer <key>.');
    const account = await accountBySecret(this.parts.catalog.reader, secret).catch((err: unknown) => {
      this.parts.log.error({ err }, 'the catalog does not answer: no key can be checked');
      throw new Problem(503, 'unavailable', 'The catalog does not answer; try again.', {
        headers: { 'Retry-After': '5' },
      });
    });
    if (!account) throw noKey('Bearer error="invalid_token"', 'This API key is not known, or no longer.');
    return account;
  }

  /** In the background: a reader must not wait for those who write. */
  private noteUse(account: Account): void {
    const key = `${account.kind}/${account.name}`;
    const nowMs = Date.now();
    if (nowMs - (this.notedAtMs.get(key) ?? 0) < NOTE_USE_EVERY_MS) return;
    this.notedAtMs.set(key, nowMs);
    noteUse(this.parts.catalog.db, account, nowMs).catch((err: unknown) =>
      this.parts.log.debug({ err, name: account.name }, 'the last use of a key was not noted'),
    );
  }
}

const noKey = (challenge: string, detail: string): Problem =>
  new Problem(401, 'no-key', detail, { headers: { 'WWW-Authenticate': challenge } });
