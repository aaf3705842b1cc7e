import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Catalog } from '../../libs/database/index.js';
import { NamesInterceptor } from './names.interceptor.js';
import { TaxaController } from './taxa.controller.js';
import { type InstalledModels, Taxa } from './taxa.service.js';

/** What labels and taxa are called. `Taxa` can be injected everywhere. */
@Module({})
export class TaxaModule {
  static forRoot(models: InstalledModels): DynamicModule {
    return {
      module: TaxaModule,
      global: true,
      controllers: [TaxaController],
      providers: [
        { provide: APP_INTERCEPTOR, useClass: NamesInterceptor },
        { provide: Taxa, useFactory: (catalog: Catalog) => new Taxa(catalog, models), inject: [Catalog] },
      ],
      exports: [Taxa],
    };
  }
}
