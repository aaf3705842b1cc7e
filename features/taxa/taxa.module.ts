import { type DynamicModule, Module } from '@nestjs/common';
import { Catalog } from '../../libs/database/index.js';
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
        { provide: Taxa, useFactory: (catalog: Catalog) => new Taxa(catalog, models), inject: [Catalog] },
      ],
      exports: [Taxa],
    };
  }
}
