import { type DynamicModule, Module } from '@nestjs/common';
import { ActivityModule, type ActivityWatch } from '../../features/activity/index.js';
import { type AccountWatch, BrokerModule } from '../../features/broker/index.js';
import type { ApiParts } from '../../features/http/index.js';
import { type Ingest, IngestModule } from '../../features/ingest/index.js';
import { type RetentionJob, RetentionModule } from '../../features/retention/index.js';
import { type Series, SeriesModule } from '../../features/series/index.js';
import { ApiModule } from './api.module.js';

interface StationParts {
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
