import { Module } from '@nestjs/common';
import { RetentionJob } from './retention-job.js';

/** Old pictures out. Only where messages are taken. */
@Module({ providers: [RetentionJob] })
export class RetentionModule {}
