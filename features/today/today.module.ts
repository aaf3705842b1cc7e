import { Module } from '@nestjs/common';
import { ActivityModule } from '../activity/index.js';
import { RunsModule } from '../runs/index.js';
import { SessionsModule } from '../sessions/index.js';
import { StatsModule } from '../stats/index.js';
import { TodayController } from './today.controller.js';
import { TodayService } from './today.service.js';

/** One day against what is usual. */
@Module({
  imports: [ActivityModule, RunsModule, SessionsModule, StatsModule],
  controllers: [TodayController],
  providers: [TodayService],
})
export class TodayModule {}
