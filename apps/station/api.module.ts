import type { Server } from 'node:http';
import { type DynamicModule, Inject, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, DiscoveryModule, HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import { ACCESS_CONTROLLERS, ACCESS_PROVIDERS } from '../../features/accounts/index.js';
import { ActivityController } from '../../features/activity/index.js';
import { TimesController } from '../../features/clock/index.js';
import { WASKRABBELTDA_CONTROLLERS } from '../../features/compat/waskrabbeltda/index.js';
import { CropImageController, ThumbnailController, thumbnailStore } from '../../features/crops/index.js';
import { DeadLetterActionsController, DeadLettersController } from '../../features/dead-letters/index.js';
import { DeletionSweep, DeletionsController } from '../../features/deletions/index.js';
import { DOWNLOAD_CONTROLLERS, DOWNLOAD_PROVIDERS } from '../../features/downloads/index.js';
import { EXPORT_CONTROLLERS, EXPORT_PROVIDERS } from '../../features/exports/index.js';
import { HealthController, MetricsController } from '../../features/health/index.js';
import {
  type ApiParts,
  checked,
  expectUtf8,
  OpenConnections,
  PARTS,
  ProblemFilter,
  RouteList,
  safeHeaders,
  sayWhatIsWrong,
} from '../../features/http/index.js';
import { ModelsController, PredictController } from '../../features/models/index.js';
import { DocsController, OpenApiController, ProtocolController } from '../../features/openapi/index.js';
import { REVIEW_CONTROLLERS } from '../../features/reviews/index.js';
import { RunsController } from '../../features/runs/index.js';
import { isJsonForRoute, SENDING_CONTROLLERS, SENDING_PROVIDERS } from '../../features/sending/index.js';
import { SessionsController } from '../../features/sessions/index.js';
import { StatsController } from '../../features/stats/index.js';
import { DeploymentsController, TrapsController } from '../../features/traps/index.js';
import { WebPages } from '../../features/web/index.js';

/** HTTP out: runs, pictures, traps, dead letters, health, metrics. No route is open unless it says so itself. */
@Module({})
export class ApiModule implements NestModule {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost<ExpressAdapter>,
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(OpenConnections) private readonly connections: OpenConnections,
    @Inject(WebPages) private readonly pages: WebPages,
  ) {}

  static with(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [DiscoveryModule],
      controllers: [
        RunsController,
        DeletionsController,
        ...REVIEW_CONTROLLERS,
        CropImageController,
        ThumbnailController,
        TrapsController,
        DeploymentsController,
        SessionsController,
        TimesController,
        StatsController,
        ActivityController,
        ...DOWNLOAD_CONTROLLERS,
        ...EXPORT_CONTROLLERS,
        ...SENDING_CONTROLLERS,
        ...WASKRABBELTDA_CONTROLLERS,
        DeadLettersController,
        DeadLetterActionsController,
        ModelsController,
        PredictController,
        ProtocolController,
        OpenApiController,
        DocsController,
        ...ACCESS_CONTROLLERS,
        HealthController,
        MetricsController,
      ],
      providers: [
        DeletionSweep,
        { provide: PARTS, useValue: parts },
        ...ACCESS_PROVIDERS,
        ...DOWNLOAD_PROVIDERS,
        ...EXPORT_PROVIDERS,
        { provide: APP_PIPE, useFactory: checked },
        { provide: APP_FILTER, useClass: ProblemFilter },
        ...SENDING_PROVIDERS,
        thumbnailStore,
        RouteList,
        WebPages,
      ],
    };
  }

  // Here and not as Nest middleware, so that they stand before every route and on a URL that no route can read.
  configure(): void {
    this.connections.watch(this.host.httpAdapter.getHttpServer() as Server);
    this.host.httpAdapter.disable('x-powered-by');
    this.host.httpAdapter.set('trust proxy', [...(this.parts.access?.trustedProxies ?? [])]);
    this.host.httpAdapter.use(safeHeaders);
    this.host.httpAdapter.use(this.pages.handle.bind(this.pages));
    const reading = { type: isJsonForRoute, verify: expectUtf8 };
    this.host.httpAdapter.useBodyParser('json', false, reading);
    this.host.httpAdapter.use(sayWhatIsWrong);
  }
}
