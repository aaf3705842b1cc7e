import { Module } from '@nestjs/common';
import { DeletionSweep } from './deletion-sweep.js';
import { DeletionsController } from './deletions.controller.js';

/** What an administrator deletes for good. */
@Module({ controllers: [DeletionsController], providers: [DeletionSweep] })
export class DeletionsModule {}
