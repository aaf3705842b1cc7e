import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { NarrowedTraps, notFound, Problem, schemasOf } from '../../http/index.js';
import { type Principal, seesTrap } from './access.js';

/**
 * Narrows a request to the traps that its caller may see, as if there were no others: a path to another trap is not
 * found, and the query parameter `trap` becomes the list of those that are both asked for and seen.
 *
 * @throws Problem 404 for another trap; 403 where the route cannot be narrowed
 */
export function narrowToTraps(
  request: Request,
  context: ExecutionContext,
  caller: Principal,
  limit: 'not-needed' | 'inside' | undefined,
): void {
  const { traps } = caller;
  if (traps === undefined || limit !== undefined) return;
  const { trapId } = request.params;
  const isOfTrap = typeof trapId === 'string';
  if (isOfTrap && !seesTrap(caller, trapId)) throw notFound(`There is no trap ${trapId}.`);
  const { query: schema } = schemasOf(context.getClass(), context.getHandler().name);
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, 'trap')) {
    if (isOfTrap) return;
    throw new Problem(403, 'traps-limited', 'This shows all traps, and you may see some of them only.');
  }
  const { trap: asked } = request.query;
  // Given twice, it is wrong whoever asks.
  if (asked !== undefined && typeof asked !== 'string') return;
  const wanted = asked?.split(',') ?? traps;
  const trap = new NarrowedTraps(wanted.filter((id) => traps.includes(id)));
  Object.defineProperty(request, 'query', { value: { ...request.query, trap }, configurable: true });
}
