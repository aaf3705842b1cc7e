import { type DynamicModule, Module } from '@nestjs/common';
import { ActivityModule } from '../activity/activity.module.js';
import type { ActivityWatch } from '../activity/activity-watch.js';
import { ApiModule, type ApiParts } from '../api/api.module.js';
import type { AccountWatch } from '../broker/account-watch.js';
import { BrokerModule } from '../broker/broker.module.js';
import type { Ingest } from '../ingest/ingest.js';
import { IngestModule } from '../ingest/ingest.module.js';
import { RetentionModule } from '../retention/retention.module.js';
import type { RetentionJob } from '../retention/retention-job.js';
import type { Series } from '../series/series.js';
import { SeriesModule } from '../series/series.module.js';

export interface StationParts {
  readonly ingest: Ingest;
  readonly api: ApiParts;
  readonly activity: ActivityWatch;
  readonly retention: RetentionJob;
  /** Only with the embedded broker. */
  readonly accountWatch: AccountWatch | undefined;
  /** Only where there is an InfluxDB. */
  readonly series: Series | undefined;
}

/** Everything in one process: the broker, the ingest and the API. */
@Module({})
export class StationModule {
  static with({ ingest, api, activity, retention, accountWatch, series }: StationParts): DynamicModule {
    return {
      module: StationModule,
      imports: [
        IngestModule.with(ingest),
        ApiModule.with(api),
        ActivityModule.with(activity),
        RetentionModule.with(retention),
        ...(accountWatch ? [BrokerModule.with(accountWatch)] : []),
        ...(series ? [SeriesModule.with(series)] : []),
      ],
    };
  }
}
