import { Module } from '@nestjs/common';
import { DeletionSweep } from './deletion-sweep.js';
import { DeletionsController } from './deletions.controller.js';
import { DeletionsRepository } from './deletions.repository.js';
import { DeletionsService } from './deletions.service.js';

/** What an administrator deletes for good. */
@Module({
  controllers: [DeletionsController],
  providers: [DeletionsService, DeletionsRepository, DeletionSweep],
})
export class DeletionsModule {}
