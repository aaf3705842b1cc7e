import { Module } from '@nestjs/common';
import { RetentionJob } from './retention-job.js';
import { RetentionPlanController } from './retention-plan.controller.js';

/** Old pictures out. Only where messages are taken. */
@Module({ providers: [RetentionJob] })
export class RetentionModule {}

/** What the rule would remove: a question that also a process may answer that takes no messages. */
@Module({ controllers: [RetentionPlanController] })
export class RetentionPlanModule {}
