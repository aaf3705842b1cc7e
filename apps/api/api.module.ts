import type { Server } from 'node:http';
import { type DynamicModule, Inject, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, DiscoveryModule, HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import { ACCESS_CONTROLLERS, ACCESS_PROVIDERS } from './accounts/access-providers.js';
import { OpenConnections } from './accounts/open-connections.js';
import { ActivityController } from './activity/activity.controller.js';
import { expectUtf8, sayWhatIsWrong } from './body-problem.js';
import { checked } from './checked.js';
import { CropImageController } from './crop-image.controller.js';
import { DeadLetterActionsController } from './dead-letter-actions.controller.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeletionSweep } from './deletions/deletion-sweep.js';
import { DeletionsController } from './deletions/deletions.controller.js';
import { DeploymentsController } from './deployments/deployments.controller.js';
import { DOWNLOAD_CONTROLLERS, DOWNLOAD_PROVIDERS } from './downloads/download-parts.js';
import { EXPORT_CONTROLLERS, EXPORT_PROVIDERS } from './exports/export-parts.js';
import { safeHeaders } from './headers.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ModelsController } from './models.controller.js';
import { DocsController } from './openapi/docs.controller.js';
import { OpenApiController } from './openapi/open-api.controller.js';
import { RouteList } from './openapi/route-list.js';
import { type ApiParts, PARTS } from './parts.js';
import { PredictController } from './predict.controller.js';
import { ProblemFilter } from './problem.filter.js';
import { ProtocolController } from './protocol.controller.js';
import { REVIEW_CONTROLLERS } from './reviews/review-controllers.js';
import { RunsController } from './runs.controller.js';
import { isJsonForRoute } from './sending/raw-bodies.js';
import { SENDING_CONTROLLERS, SENDING_PROVIDERS } from './sending/sending-providers.js';
import { SessionsController } from './sessions.controller.js';
import { StatsController } from './stats/stats.controller.js';
import { ThumbnailController } from './thumbnail.controller.js';
import { thumbnailStore } from './thumbnail-store.js';
import { TimesController } from './times/times.controller.js';
import { TrapsController } from './traps.controller.js';
import { WASKRABBELTDA_CONTROLLERS } from './waskrabbeltda/old-routes.js';

export type { ApiParts } from './parts.js';

/** HTTP out: runs, pictures, traps, dead letters, health, metrics. No route is open unless it says so itself. */
@Module({})
export class ApiModule implements NestModule {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost<ExpressAdapter>,
    @Inject(PARTS) private readonly parts: ApiParts,
    @Inject(OpenConnections) private readonly connections: OpenConnections,
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
      ],
    };
  }

  // Here and not as Nest middleware, so that they stand before every route and on a URL that no route can read.
  configure(): void {
    this.connections.watch(this.host.httpAdapter.getHttpServer() as Server);
    this.host.httpAdapter.disable('x-powered-by');
    this.host.httpAdapter.set('trust proxy', [...(this.parts.access?.trustedProxies ?? [])]);
    this.host.httpAdapter.use(safeHeaders);
    const reading = { type: isJsonForRoute, verify: expectUtf8 };
    this.host.httpAdapter.useBodyParser('json', false, reading);
    this.host.httpAdapter.use(sayWhatIsWrong);
  }
}
