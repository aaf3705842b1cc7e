import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '../../features/accounts/index.js';
import { ActivityModule } from '../../features/activity/index.js';
import { AgreementModule } from '../../features/agreement/index.js';
import { ClockModule } from '../../features/clock/index.js';
import { WaskrabbeltdaModule } from '../../features/compat/waskrabbeltda/index.js';
import { CropsModule } from '../../features/crops/index.js';
import { DeadLettersModule } from '../../features/dead-letters/index.js';
import { DeletionsModule } from '../../features/deletions/index.js';
import { DownloadsModule } from '../../features/downloads/index.js';
import { EventsModule } from '../../features/events/index.js';
import { ExportsModule } from '../../features/exports/index.js';
import { HealthModule } from '../../features/health/index.js';
import { HttpModule } from '../../features/http/index.js';
import { JobsModule } from '../../features/jobs/index.js';
import { type Models, ModelsModule } from '../../features/models/index.js';
import { OpenApiModule } from '../../features/openapi/index.js';
import { type Platform, PlatformModule } from '../../features/platform/index.js';
import { RetentionPlanModule } from '../../features/retention/index.js';
import { ReviewsModule } from '../../features/reviews/index.js';
import { RunsModule } from '../../features/runs/index.js';
import { SendingModule } from '../../features/sending/index.js';
import { SessionsModule } from '../../features/sessions/index.js';
import { SharingModule } from '../../features/sharing/index.js';
import { StatsModule } from '../../features/stats/index.js';
import { TaxaModule } from '../../features/taxa/index.js';
import { TodayModule } from '../../features/today/index.js';
import { TrapsModule } from '../../features/traps/index.js';
import { WebModule } from '../../features/web/index.js';

/** What the program opens before the application, in the order of the start. */
export interface Opened extends Platform {
  readonly models: Models;
}

/** HTTP out: runs, pictures, traps, dead letters, health, metrics. No route is open unless it says so itself. */
@Module({})
export class ApiModule {
  static forRoot({ models, ...platform }: Opened): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(platform),
        AccountsModule,
        HttpModule,
        WebModule,
        TaxaModule.forRoot(models),
        RunsModule,
        DeletionsModule,
        RetentionPlanModule,
        ReviewsModule,
        AgreementModule,
        CropsModule,
        TrapsModule,
        SessionsModule,
        ClockModule,
        StatsModule,
        ActivityModule,
        TodayModule,
        EventsModule,
        JobsModule,
        SharingModule,
        DownloadsModule,
        ExportsModule,
        SendingModule,
        WaskrabbeltdaModule,
        DeadLettersModule,
        ModelsModule.forRoot(models),
        OpenApiModule,
        HealthModule,
      ],
    };
  }
}
