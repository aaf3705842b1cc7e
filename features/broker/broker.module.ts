import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { AccountWatch } from './accounts.js';

/** The embedded broker's part of the application; the broker itself is the transport of the message handlers. */
@Module({})
export class BrokerModule implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject(AccountWatch) private readonly watch: AccountWatch) {}

  static with(watch: AccountWatch): DynamicModule {
    return { module: BrokerModule, providers: [{ provide: AccountWatch, useValue: watch }] };
  }

  onModuleInit(): void {
    this.watch.start();
  }

  onApplicationShutdown(): void {
    this.watch.stop();
  }
}
