import { Injectable, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { z } from 'zod';
import { ApiDoc } from './api-doc.js';

/** The routes of the running application, looked up once. */
@Injectable()
export class RouteList {
  private known?: readonly (Route & { readonly pattern: RegExp })[];

  constructor(private readonly discovery: DiscoveryService) {}

  get all(): readonly Route[] {
    return this.withPatterns();
  }

  /** The methods that a path takes, as the header `Allow` names them; none where there is no such path. */
  methodsOf(path: string): string[] {
    const methods = this.withPatterns()
      .filter(({ pattern }) => pattern.test(path))
      .map(({ method }) => method.toUpperCase());
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort();
  }

  /** The route that answers; of several whose paths fit, the one that names most of it. */
  find(method: string, path: string): Route | undefined {
    return this.withPatterns()
      .filter((route) => route.method === method.toLowerCase() && route.pattern.test(path))
      .sort((a, b) => variables(a.path) - variables(b.path))[0];
  }

  /** Whether a route takes its body byte for byte: it describes one without `@Body({ schema })`. */
  readsOwnBody(method: string, path: string): boolean {
    const route = this.find(method, path);
    return (
      route !== undefined &&
      !route.schemas.body &&
      Reflect.getMetadata(ApiDoc.KEY, route.handler)?.body !== undefined
    );
  }

  private withPatterns() {
    this.known ??= routesOf(this.discovery, new MetadataScanner()).map((route) => ({
      ...route,
      pattern: patternOf(route.path),
    }));
    return this.known;
  }
}

const variables = (path: string): number => path.split(/[:*]/).length;

/** As Express reads it: letters of any case, with or without a slash at the end. */
function patternOf(path: string): RegExp {
  const pattern = path
    .replace(/[.+?^$(){}|[\]\\]/g, '\\$&')
    .replace(/\*\w+/g, '.+')
    .replace(/:\w+/g, '[^/]+');
  return new RegExp(`^${pattern}/?$`, 'i');
}

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
function routesOf(discovery: DiscoveryService, scanner: MetadataScanner): Route[] {
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

/** What the parameters of a controller's method are validated with. */
export function schemasOf(controller: ControllerClass, name: string): Route['schemas'] {
  const args: Record<string, { schema?: z.ZodType }> =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  const known = Object.entries(args).flatMap(([key, { schema }]) => {
    const place = PLACES[Number(key.split(':')[0]) as RouteParamtypes];
    return place && schema ? [[place, schema] as const] : [];
  });
  return Object.fromEntries(known);
}
