import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Overuse } from '../../libs/async/index.js';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { AccountWatch } from './accounts.js';
import { MESSAGE_SOURCE } from './message-source.js';
import { ServiceBroker } from './service-broker.js';
import { trapBroker } from './trap-broker.js';

const EMBEDDED: Provider[] = [
  { provide: MESSAGE_SOURCE, useFactory: trapBroker, inject: [CONFIG, Catalog, Overuse, LOG] },
  AccountWatch,
];
const EXTERNAL: Provider[] = [
  ServiceBroker,
  { provide: MESSAGE_SOURCE, useFactory: ({ source }: ServiceBroker) => source, inject: [ServiceBroker] },
];

/** The broker, ours or an external one. Nothing is opened yet: the transport of the message handlers does that. */
@Module({})
export class BrokerModule {
  static forRoot({ mqtt }: Pick<Config, 'mqtt'>): DynamicModule {
    return {
      module: BrokerModule,
      global: true,
      providers: mqtt.url ? EXTERNAL : EMBEDDED,
      exports: [MESSAGE_SOURCE],
    };
  }
}
