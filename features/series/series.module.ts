import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Series } from './series.service.js';

/** Catalog in, points in InfluxDB out. */
@Module({})
export class SeriesModule implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject(Series) private readonly series: Series) {}

  static with(series: Series): DynamicModule {
    return { module: SeriesModule, providers: [{ provide: Series, useValue: series }] };
  }

  onModuleInit(): void {
    this.series.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.series.stop();
  }
}
