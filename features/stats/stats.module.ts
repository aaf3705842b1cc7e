import { Module } from '@nestjs/common';
import { RunSummaryController } from './run-summary.controller.js';
import { StatsController } from './stats.controller.js';

/** Counts of visits. */
@Module({ controllers: [RunSummaryController, StatsController] })
export class StatsModule {}
