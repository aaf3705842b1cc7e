import type { Server } from 'node:http';
import { Global, Inject, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule, HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import type { Request } from 'express';
import type { Config } from '../../libs/config/index.js';
import { CONFIG } from '../platform/index.js';
import { safeHeaders } from './headers.js';
import { FileLinks, Links } from './links.js';
import { OpenConnections } from './open-connections.js';
import { ProblemFilter } from './problem.filter.js';
import { expectUtf8, sayWhatIsWrong } from './problem.js';
import { checked } from './schema/parameters.js';
import { RouteList } from './schema/route-list.js';
import { UnknownParametersGuard } from './unknown-parameters.guard.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;

/**
 * What all routes share: headers, the JSON parser, validation, problems and links. Global guards run in the order of their
 * modules: import it after the accounts, so that strangers get 401 and learn nothing of a route's parameters.
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Links,
    FileLinks,
    OpenConnections,
    RouteList,
    { provide: APP_GUARD, useClass: UnknownParametersGuard },
    { provide: APP_PIPE, useFactory: checked },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [Links, FileLinks, OpenConnections, RouteList],
})
export class HttpModule implements NestModule {
  constructor(
    private readonly host: HttpAdapterHost<ExpressAdapter>,
    private readonly connections: OpenConnections,
    private readonly routes: RouteList,
    @Inject(CONFIG) private readonly config: Pick<Config, 'access'>,
  ) {}

  // Express's own and not Nest's middleware: it also runs for a URL that matches no route.
  configure(): void {
    const { httpAdapter } = this.host;
    this.connections.watch(httpAdapter.getHttpServer() as Server);
    httpAdapter.disable('x-powered-by');
    httpAdapter.set('trust proxy', [...this.config.access.trustedProxies]);
    httpAdapter.use(safeHeaders);
    const isParsed = ({ headers, method, path }: Request) =>
      JSON_TYPE.test(headers['content-type'] ?? '') && !this.routes.readsOwnBody(method, path);
    httpAdapter.useBodyParser('json', false, { type: isParsed, verify: expectUtf8 } as object);
    httpAdapter.use(sayWhatIsWrong);
  }
}
