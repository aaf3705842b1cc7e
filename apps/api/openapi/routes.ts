import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { z } from 'zod';

type Handler = (...args: never[]) => unknown;
type ControllerClass = new (...args: never[]) => unknown;
type Place = 'query' | 'path' | 'body' | 'header';

/** One route of the running application. */
export interface Route {
  readonly method: string;
  /** With `:name` for what varies, as Express has it. */
  readonly path: string;
  readonly handler: Handler;
  readonly controller: ControllerClass;
  /** What its parameters are held against. */
  readonly schemas: Partial<Readonly<Record<Place, z.ZodType>>>;
}

const PLACES: Partial<Record<RouteParamtypes, Place>> = {
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'path',
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.HEADERS]: 'header',
};

/** Every route that a controller of this application has, as Nest itself knows them. */
export function routesOf(discovery: DiscoveryService, scanner: MetadataScanner): Route[] {
  return discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    return scanner
      .getAllMethodNames(metatype.prototype)
      .flatMap((name) => routesOfMethod(metatype as ControllerClass, name));
  });
}

function routesOfMethod(controller: ControllerClass, name: string): Route[] {
  const handler = controller.prototype[name];
  const paths: string | string[] | undefined = Reflect.getMetadata(PATH_METADATA, handler);
  // Handlers of messages have none.
  if (paths === undefined) return [];
  const bases: string | string[] = Reflect.getMetadata(PATH_METADATA, controller);
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)] ?? 'GET';
  const schemas = schemasOf(controller, name);
  return [bases].flat().flatMap((base) =>
    [paths].flat().map((path) => ({
      method: method.toLowerCase(),
      path: `/${[base, path].map((part) => part.replace(/^\/+|\/+$/g, '')).join('/')}`.replace(
        /(.)\/+$/,
        '$1',
      ),
      handler,
      controller,
      schemas,
    })),
  );
}

function schemasOf(controller: ControllerClass, name: string): Route['schemas'] {
  const args: Record<string, { schema?: z.ZodType }> =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  const known = Object.entries(args).flatMap(([key, { schema }]) => {
    const place = PLACES[Number(key.split(':')[0]) as RouteParamtypes];
    return place && schema ? [[place, schema] as const] : [];
  });
  return Object.fromEntries(known);
}
