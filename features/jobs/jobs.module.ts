import { Module } from '@nestjs/common';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';

/** Progress of work that takes long. */
@Module({ controllers: [JobsController], providers: [JobsService] })
export class JobsModule {}
