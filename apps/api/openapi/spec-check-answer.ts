import type { INestApplication } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { z } from 'zod';
import { Documented } from './documented.js';
import { PROBLEM } from './problem-answers.js';
import { RouteList } from './route-list.js';

/** Holds what a route answers against what its documentation says, in every test that goes through the API. */
export function answerChecker(app: INestApplication) {
  const routes = app.get(RouteList);
  const reflector = app.get(Reflector);
  return async (method: string, { pathname }: URL, response: Response): Promise<void> => {
    const { status, headers } = response;
    const what = `${method} ${pathname} answers ${status}`;
    const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
    // HEAD has no body, OPTIONS is the framework's, and so is 304 to whoever has a copy.
    if (method === 'HEAD' || method === 'OPTIONS' || status === 304) return;
    if (isProblem) return expectFit(PROBLEM, await response.clone().json(), what);
    const route = routes.find(method, pathname);
    const answer = route && reflector.get(Documented, route.handler)?.answers[status];
    if (!answer) throw new Error(`${what}, and its @Documented does not say so`);
    if (answer.schema) expectFit(answer.schema, await response.clone().json(), what);
  };
}

function expectFit(schema: z.ZodType, body: unknown, what: string): void {
  const read = schema.safeParse(body);
  if (!read.success) throw new Error(`${what} with something else than its @Documented says: ${read.error}`);
}
