import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Ingest, type IngestParts } from './ingest.js';
import { MessagesController } from './messages.controller.js';

/** MQTT in; crops on disk, classifications, observations, receipts and results out. */
@Module({})
export class IngestModule implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(@Inject(Ingest) private readonly ingest: Ingest) {}

  static with(parts: IngestParts): DynamicModule {
    return {
      module: IngestModule,
      controllers: [MessagesController],
      providers: [{ provide: Ingest, useFactory: () => new Ingest(parts) }],
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
