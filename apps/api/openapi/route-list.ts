import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type Route, routesOf } from './routes.js';

/** The routes of the running application, looked up once. */
@Injectable()
export class RouteList {
  private known?: readonly (Route & { readonly pattern: RegExp })[];

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

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
