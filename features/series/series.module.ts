import { Global, Module } from '@nestjs/common';
import { StatsModule } from '../stats/index.js';
import { Series } from './series.service.js';

/** Catalog in, points in InfluxDB out. Only with an InfluxDB. */
@Global()
@Module({ imports: [StatsModule], providers: [Series], exports: [Series] })
export class SeriesModule {}
