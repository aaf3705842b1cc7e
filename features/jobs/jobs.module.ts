import { Module } from '@nestjs/common';
import { JobsController } from './jobs.controller.js';

/** Progress of work that takes long. */
@Module({ controllers: [JobsController] })
export class JobsModule {}
