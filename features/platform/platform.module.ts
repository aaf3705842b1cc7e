import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { Overuse } from '../../libs/async/index.js';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';

/** Token of the settings. Inject the slice that is needed: `@Inject(CONFIG) config: Pick<Config, 'publicUrl'>`. */
export const CONFIG = Symbol('CONFIG');

/** Token of the logger: `@Inject(LOG) private readonly log: Logger`. */
export const LOG = Symbol('LOG');

/** What every feature may inject. The program that composes the service opens it before, and closes it after, the application. */
export interface Platform {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly log: Logger;
}

/** Provides settings, catalog, logger and the list of overusers everywhere, without imports. */
@Module({})
export class PlatformModule {
  static forRoot({ config, catalog, log }: Platform): DynamicModule {
    const overuse = new Overuse((overuser) =>
      log.warn(overuser, 'an account or an address takes more than its share: it is held back'),
    );
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Catalog, useValue: catalog },
        { provide: LOG, useValue: log },
        { provide: Overuse, useValue: overuse },
      ],
      exports: [CONFIG, Catalog, LOG, Overuse],
    };
  }
}
