import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/index.js';
import { StatsModule } from '../stats/index.js';
import { ActivityController } from './activity.controller.js';
import { ActivityRepository } from './activity.repository.js';
import { ActivityService } from './activity.service.js';
import { ActivityWatch } from './activity-watch.js';
import { TrapSeriesService } from './trap-series.service.js';
import { TrapWatchService } from './trap-watch.service.js';

/** What is unusual, and by how much. */
@Module({
  controllers: [ActivityController],
  providers: [ActivityService, ActivityRepository],
  exports: [ActivityRepository],
})
export class ActivityModule {}

/** Looks for unusual activity. Only where messages are taken. */
@Module({
  imports: [ActivityModule, SessionsModule, StatsModule],
  providers: [ActivityWatch, TrapWatchService, TrapSeriesService],
})
export class ActivityWatchModule {}
