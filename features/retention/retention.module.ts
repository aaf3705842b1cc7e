import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RetentionJob } from './retention-job.js';

/** Old pictures out. Whoever composes the process starts the job, once its ports are its own. */
@Module({})
export class RetentionModule implements OnApplicationShutdown {
  constructor(@Inject(RetentionJob) private readonly job: RetentionJob) {}

  static with(job: RetentionJob): DynamicModule {
    return { module: RetentionModule, providers: [{ provide: RetentionJob, useValue: job }] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.job.stop();
  }
}
