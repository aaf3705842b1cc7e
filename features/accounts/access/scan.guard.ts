import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { FairSemaphore, Overuse } from '../../../libs/async/index.js';
import { Problem } from '../../http/index.js';
import { type KeyedRequest, Scans } from './access.js';
import { addressOf, countOfAddress, overuserOf } from './rate.guard.js';

/** Of one caller and kind. All callers together read through one thread, or two connections. */
const AT_ONCE = 4;
/** A semaphore needs some end; the limit of requests at once comes long before it. */
const ENDLESS = 65_536;
const WAIT_MS = 20_000;

/**
 * Limits the heavy reads of one caller that are in progress: the others of that caller wait in order, so that a caller
 * with many of them never fills the queue in which everybody's heavy reads wait. Runs after the guard that asks for keys.
 */
@Injectable()
export class ScanGuard implements CanActivate {
  /** Apart, because a download may take as long as its receiver likes. */
  private readonly turns = { question: turnsPerCaller(), download: turnsPerCaller() };

  constructor(
    private readonly reflector: Reflector,
    private readonly overuse: Overuse,
  ) {}

  /** @throws Problem 429 if none of the caller's reads ended for 20 s */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const kind = this.reflector.getAllAndOverride(Scans, [context.getHandler(), context.getClass()]);
    if (!kind) return true;
    const request = context.switchToHttp().getRequest<KeyedRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const { account } = request;
    const caller = account ? `${account.kind} ${account.name}` : countOfAddress(addressOf(request));
    if (await this.waitForTurn(kind, caller, response)) return true;
    this.overuse.note(...overuserOf(caller), 'http: heavy reads at once');
    throw new Problem(
      429,
      'too-many-requests',
      `${AT_ONCE} reads that go through much are served at once; let some of yours come to their end.`,
      { headers: { 'Retry-After': '5' } },
    );
  }

  /** @returns false if the wait was too long, or the caller left */
  private waitForTurn(kind: 'question' | 'download', caller: string, response: Response): Promise<boolean> {
    // It would never be closed again.
    if (response.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const member = this.turns[kind].join(caller, '');
      let isGranted = false;
      const giveUp = () => {
        clearTimeout(timer);
        response.off('close', leave);
        cancel();
        if (isGranted) member.release(1);
        member.leave();
        resolve(false);
      };
      const leave = () => giveUp();
      const timer = setTimeout(giveUp, WAIT_MS);
      response.once('close', leave);
      const cancel = member.acquire(1, () => {
        isGranted = true;
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}

const turnsPerCaller = () => new FairSemaphore(ENDLESS, { account: AT_ONCE / ENDLESS });
