import { Global, Module } from '@nestjs/common';
import { Series } from './series.service.js';

/** Catalog in, points in InfluxDB out. Only with an InfluxDB. */
@Global()
@Module({ providers: [Series], exports: [Series] })
export class SeriesModule {}
