import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { networkOf, Overuse } from '../../../libs/async/index.js';
import type { Config } from '../../../libs/config/index.js';
import { OpenConnections, Problem } from '../../http/index.js';
import { CONFIG } from '../../platform/index.js';
import { AllowLegacyToken, Public, Unlimited } from './access.js';
import { PrincipalResolver } from './principal.js';

/** Of one caller; one address without a key counts as one. Others have to wait for the same database and disk. */
const READS_AT_ONCE = 64;
/** Those that bring a body wait for its room. */
const WRITES_AT_ONCE = 256;

/** Keeps one caller from taking the service away from all others. Stands before the guard that asks for keys. */
@Injectable()
export class RateGuard implements CanActivate {
  private readonly counts = new RequestCounts();

  private readonly underWay = new Map<string, number>();

  constructor(
    private readonly reflector: Reflector,
    private readonly callers: PrincipalResolver,
    private readonly connections: OpenConnections,
    private readonly overuse: Overuse,
    @Inject(CONFIG) private readonly config: Pick<Config, 'access'>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Unlimited, targets)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const caller = await this.callerOf(request, targets);
    this.countUnderWay(caller, request, response);
    this.countInMinute(caller, response);
    return true;
  }

  /** A connection is taken for as long as its answer takes: whoever reads slowly has only so many of them. */
  private countUnderWay(caller: string, { method }: Request, response: Response): void {
    const isRead = method === 'GET' || method === 'HEAD';
    const key = `${isRead ? 'read' : 'write'} ${caller}`;
    const requests = (this.underWay.get(key) ?? 0) + 1;
    if (requests > (isRead ? READS_AT_ONCE : WRITES_AT_ONCE)) {
      const [kind, name] = overuserOf(caller);
      this.overuse.note(kind, name, 'http: requests at once');
      throw new Problem(429, 'too-many-requests', 'Too many requests at once; let some come to their end.', {
        headers: { 'Retry-After': '5' },
      });
    }
    // Whoever has left while its key was looked up holds nothing: a response closes once.
    if (response.destroyed) return;
    this.underWay.set(key, requests);
    response.once('close', () => {
      const left = (this.underWay.get(key) ?? 1) - 1;
      if (left > 0) this.underWay.set(key, left);
      else this.underWay.delete(key);
    });
  }

  private countInMinute(caller: string, response: Response): void {
    const limit = this.config.access.requestsPerMin;
    if (limit === 0) return;
    const { requests, resetS } = this.counts.add(caller, Date.now());
    const headers = {
      'RateLimit-Limit': String(limit),
      'RateLimit-Remaining': String(Math.max(0, limit - requests)),
      'RateLimit-Reset': String(resetS),
    };
    if (requests > limit)
      throw new Problem(429, 'too-many-requests', `These were more than ${limit} requests in a minute.`, {
        headers: { ...headers, 'Retry-After': String(resetS) },
      });
    response.set(headers);
  }

  /** A key has a count of its own, since many of them may come from one address; wrong ones have none. */
  private async callerOf(request: Request, targets: Targets): Promise<string> {
    const address = countOfAddress(addressOf(request));
    if (this.reflector.getAllAndOverride(Public, targets)) return address;
    const takesAccessToken = this.reflector.getAllAndOverride(AllowLegacyToken, targets) ?? false;
    const { caller } = await this.callers.identify(request, takesAccessToken);
    if (!caller) return address;
    this.connections.known(request.socket);
    return `${caller.kind} ${caller.name}`;
  }
}

export function overuserOf(caller: string): ['account' | 'address', string] {
  const [kind = '', ...name] = caller.split(' ');
  return kind === 'address' ? ['address', name.join(' ')] : ['account', `${kind}/${name.join(' ')}`];
}

type Targets = Parameters<Reflector['getAllAndOverride']>[1];
const WINDOW_MS = 60_000;
/** More addresses than that at a time are counted as one: whoever has many of them must not fill the memory. */
const LARGEST = 20_000;
const OTHERS = 'other addresses';
const ADDRESS = 'address ';

export const countOfAddress = (address: string): string => ADDRESS + address;

/** Counts requests per caller, in minutes that begin for all of them at once. */
export class RequestCounts {
  private readonly counts = new Map<string, number>();
  private endsAtMs = 0;

  /** @returns how many it were in this minute, with this one, and how long the minute lasts, in whole seconds */
  add(caller: string, nowMs: number): { requests: number; resetS: number } {
    if (nowMs >= this.endsAtMs) {
      this.counts.clear();
      this.endsAtMs = nowMs + WINDOW_MS;
    }
    const isOneTooMany =
      caller.startsWith(ADDRESS) && this.counts.size >= LARGEST && !this.counts.has(caller);
    const key = isOneTooMany ? OTHERS : caller;
    const requests = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, requests);
    return { requests, resetS: Math.ceil((this.endsAtMs - nowMs) / 1000) };
  }
}

/** Where a request comes from, for counting. What a proxy says counts only if that proxy is trusted. */
export const addressOf = ({ ip = '' }: Pick<Request, 'ip'>): string => networkOf(ip);
