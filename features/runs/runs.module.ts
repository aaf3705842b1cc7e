import { Module } from '@nestjs/common';
import { RunsController } from './runs.controller.js';

/** Runs with their crops, observations and reviews, as readers see them. */
@Module({ controllers: [RunsController] })
export class RunsModule {}
