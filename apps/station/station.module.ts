import { type DynamicModule, Module } from '@nestjs/common';
import { ActivityWatchModule } from '../../features/activity/index.js';
import { BrokerModule } from '../../features/broker/index.js';
import { IngestModule } from '../../features/ingest/index.js';
import { RetentionModule } from '../../features/retention/index.js';
import { SeriesModule } from '../../features/series/index.js';
import { ApiModule, type Opened } from './api.module.js';

/** Everything in one process: the API, the broker, the ingest and what works behind them. */
@Module({})
export class StationModule {
  static forRoot(opened: Opened): DynamicModule {
    const { config } = opened;
    return {
      module: StationModule,
      imports: [
        ApiModule.forRoot(opened),
        BrokerModule.forRoot(config),
        IngestModule,
        ActivityWatchModule,
        RetentionModule,
        ...(config.influx ? [SeriesModule] : []),
      ],
    };
  }
}
