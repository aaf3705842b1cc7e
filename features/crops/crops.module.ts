import { Module } from '@nestjs/common';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { ThumbnailStore } from '../../libs/store/index.js';
import { CONFIG } from '../platform/index.js';
import { CropImageController } from './crop-image.controller.js';
import { CropStore } from './crop-store.js';
import { CropsRepository } from './crops.repository.js';
import { CropsService } from './crops.service.js';
import { ThumbnailController } from './thumbnail.controller.js';
import { Thumbnails } from './thumbnail-store.js';

/** The pictures of crops, whole and small. */
@Module({
  controllers: [CropImageController, ThumbnailController],
  providers: [
    CropsService,
    CropsRepository,
    { provide: ThumbnailStore, useClass: Thumbnails },
    {
      provide: CropStore,
      useFactory: (catalog: Catalog, { dataDir }: Pick<Config, 'dataDir'>) =>
        new CropStore(catalog.reader, dataDir),
      inject: [Catalog, CONFIG],
    },
  ],
  exports: [CropsService, CropStore],
})
export class CropsModule {}
