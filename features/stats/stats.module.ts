import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/index.js';
import { RunSummaryController } from './run-summary.controller.js';
import { RunSummaryRepository } from './run-summary.repository.js';
import { StatsController } from './stats.controller.js';
import { StatsRepository } from './stats.repository.js';
import { StatsService } from './stats.service.js';

/** Counts of visits. */
@Module({
  imports: [SessionsModule],
  controllers: [RunSummaryController, StatsController],
  providers: [StatsService, StatsRepository, RunSummaryRepository],
  exports: [StatsRepository],
})
export class StatsModule {}
