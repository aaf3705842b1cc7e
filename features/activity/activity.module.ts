import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ActivityWatch } from './activity-watch.js';

/** Catalog in, unusual hours and episodes out. */
@Module({})
export class ActivityModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(ActivityWatch) private readonly watch: ActivityWatch) {}

  static with(watch: ActivityWatch): DynamicModule {
    return { module: ActivityModule, providers: [{ provide: ActivityWatch, useValue: watch }] };
  }

  onApplicationBootstrap(): void {
    this.watch.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch.stop();
  }
}
