import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Ingest } from './ingest.service.js';
import { MessagesController } from './messages.controller.js';

/** MQTT in; crops on disk, classifications, observations, receipts and results out. */
@Module({})
export class IngestModule implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(@Inject(Ingest) private readonly ingest: Ingest) {}

  static with(ingest: Ingest): DynamicModule {
    return {
      module: IngestModule,
      controllers: [MessagesController],
      providers: [{ provide: Ingest, useValue: ingest }],
      exports: [Ingest],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.ingest.start();
  }

  beforeApplicationShutdown(): void {
    this.ingest.beginClosing();
  }

  /** The transports have drained by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.ingest.close();
  }
}
