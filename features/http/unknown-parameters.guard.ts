import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { z } from 'zod';
import { asFieldError, invalidParameters, UNKNOWN_NAME } from './schema/parameters.js';
import { schemasOf } from './schema/route-list.js';

/** Of a route or a controller: its requests may carry any query parameter, such as those that probes append. */
export const AllowUnknownParameters = Reflector.createDecorator<true>();

const NONE = z.object({});

/**
 * Rejects query parameters that the route's `@Query({ schema })` does not declare: a mistyped filter must not be ignored.
 * A route without such a schema takes none.
 */
@Injectable()
export class UnknownParametersGuard implements CanActivate {
  private readonly schemas = new Map<unknown, z.ZodObject | undefined>();

  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const { query } = context.switchToHttp().getRequest<Request>();
    const schema = this.schemaOf(context);
    const unknown = schema ? Object.keys(query).filter((name) => !Object.hasOwn(schema.shape, name)) : [];
    if (!unknown.length) return true;
    // All that is wrong with the query in one answer.
    const others = schema?.safeParse(query).error?.issues ?? [];
    throw invalidParameters([
      ...others.map(asFieldError),
      ...unknown.map((name) => asFieldError({ path: [name], message: UNKNOWN_NAME.parameter })),
    ]);
  }

  /** @returns undefined if the route takes any parameter */
  private schemaOf(context: ExecutionContext): z.ZodObject | undefined {
    const handler = context.getHandler();
    if (!this.schemas.has(handler)) this.schemas.set(handler, this.readSchema(context));
    return this.schemas.get(handler);
  }

  private readSchema(context: ExecutionContext): z.ZodObject | undefined {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(AllowUnknownParameters, [handler, controller])) return undefined;
    const { query = NONE } = schemasOf(controller, handler.name);
    if (query instanceof z.ZodObject) return query;
    throw new Error(`the query of ${controller.name}.${handler.name} must be a z.object`);
  }
}
