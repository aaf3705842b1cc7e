import { type CanActivate, type ExecutionContext, Inject } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Public, TakesAccessToken, Unlimited } from '../access.js';
import { type ApiParts, PARTS } from '../parts.js';
import { Problem } from '../problem.js';
import { Callers } from './callers.js';
import { addressOf } from './client-address.js';
import { countOfAddress, RequestCounts } from './request-counts.js';

/** Keeps one caller from taking the service away from all others. Stands before the guard that asks for keys. */
export class RateGuard implements CanActivate {
  private readonly counts = new RequestCounts();

  constructor(
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const limit = this.parts.access?.requestsPerMin ?? 0;
    if (limit === 0 || context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Unlimited, targets)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const { requests, resetS } = this.counts.add(await this.callerOf(request, targets), Date.now());
    const headers = {
      'RateLimit-Limit': String(limit),
      'RateLimit-Remaining': String(Math.max(0, limit - requests)),
      'RateLimit-Reset': String(resetS),
    };
    if (requests > limit)
      throw new Problem(429, 'too-many-requests', `These were more than ${limit} requests in a minute.`, {
        headers: { ...headers, 'Retry-After': String(resetS) },
      });
    context.switchToHttp().getResponse<Response>().set(headers);
    return true;
  }

  /** A key has a count of its own, since many of them may come from one address; wrong ones have none. */
  private async callerOf(request: Request, targets: Targets): Promise<string> {
    const address = countOfAddress(addressOf(request));
    if (this.reflector.getAllAndOverride(Public, targets)) return address;
    const takesAccessToken = this.reflector.getAllAndOverride(TakesAccessToken, targets) ?? false;
    const { caller } = await this.callers.identify(request, takesAccessToken);
    return caller ? `${caller.kind} ${caller.name}` : address;
  }
}

type Targets = Parameters<Reflector['getAllAndOverride']>[1];
