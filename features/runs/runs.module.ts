import { Module } from '@nestjs/common';
import { RunsController } from './runs.controller.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

/** Runs with their crops, observations and reviews, as readers see them. */
@Module({
  controllers: [RunsController],
  providers: [RunsService, RunsRepository],
  exports: [RunsService, RunsRepository],
})
export class RunsModule {}
