import { Module } from '@nestjs/common';
import { StatsController } from './stats.controller.js';

/** Counts of visits. */
@Module({ controllers: [StatsController] })
export class StatsModule {}
