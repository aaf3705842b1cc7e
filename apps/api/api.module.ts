import { type DynamicModule, Inject, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import type { ExpressAdapter } from '@nestjs/platform-express';
import { checked } from './checked.js';
import { CropImageController } from './crop-image.controller.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { safeHeaders } from './headers.js';
import { HealthController } from './health.controller.js';
import { KeyGuard } from './key.guard.js';
import { MetricsController } from './metrics.controller.js';
import { ModelsController } from './models.controller.js';
import { type ApiParts, PARTS } from './parts.js';
import { ProblemFilter } from './problem.filter.js';
import { ProtocolController } from './protocol.controller.js';
import { RunsController } from './runs.controller.js';
import { SessionsController } from './sessions.controller.js';
import { TrapsController } from './traps.controller.js';

export type { ApiParts } from './parts.js';

/** HTTP out: runs, pictures, traps, dead letters, health, metrics. No route is open unless it says so itself. */
@Module({})
export class ApiModule implements NestModule {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost<ExpressAdapter>) {}

  static with(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        RunsController,
        CropImageController,
        TrapsController,
        SessionsController,
        DeadLettersController,
        ModelsController,
        ProtocolController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: APP_GUARD, useClass: KeyGuard },
        { provide: APP_PIPE, useFactory: checked },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }

  // Here and not as Nest middleware, so that they stand before every route and on a URL that no route can read.
  configure(): void {
    this.host.httpAdapter.disable('x-powered-by');
    this.host.httpAdapter.use(safeHeaders);
  }
}
