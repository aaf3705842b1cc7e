import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { isBusy, isUnavailable } from '../../libs/database/index.js';
import { LOG } from '../platform/index.js';

import { Problem } from './problem.js';
import { RouteList } from './schema/route-list.js';

/** Every error of the API as problem details, whoever threw it. What is ours to mend goes to the log, not to the client. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly routes: RouteList,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Messages of traps have a way of their own to fail.
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = asProblem(error, request, this.routes);
    if (problem.status === 500 || problem.cause)
      this.log.error(
        { err: problem.cause ?? error, method: request.method, path: request.path },
        'a request failed',
      );
    if (response.headersSent) {
      // The status is out: a broken connection is the only way left to say that the body is not whole.
      response.destroy();
      return;
    }
    // `end` and not `send`: a problem has no ETag, it is not a thing that could stay the same.
    response
      .status(problem.status)
      .set({ 'Cache-Control': 'no-store', ...problem.more.headers })
      .type('application/problem+json')
      .end(JSON.stringify(problem));
  }
}

function asProblem(error: unknown, request: Request, routes: RouteList): Problem {
  if (error instanceof Problem) return error;
  if (isBusy(error))
    return new Problem(503, 'unavailable', 'Too much is being counted; try again.', {
      headers: { 'Retry-After': '5' },
    });
  if (isUnavailable(error))
    return new Problem(503, 'unavailable', 'The catalog cannot be used now; try again.', {
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  const status = statusOf(error);
  if (status === 404) return nothingHere(request, routes.methodsOf(request.path));
  if (status >= 400 && status < 500)
    return new Problem(
      status,
      'malformed-request',
      'The request cannot be read: its URL or its body is malformed.',
    );
  return new Problem(500, 'internal', 'Something failed here. The log of the service says what.');
}

function nothingHere({ method, path }: Request, allowed: readonly string[]): Problem {
  if (!allowed.length || allowed.includes(method))
    return new Problem(404, 'not-found', `There is no ${method} ${path.slice(0, 200)} here.`);
  const allow = allowed.join(', ');
  return new Problem(405, 'method-not-allowed', `This path takes ${allow}.`, { headers: { Allow: allow } });
}

/** The status that Nest or Express gave an error of their own. */
function statusOf(error: unknown): number {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  return Number(status ?? statusCode ?? 500);
}
