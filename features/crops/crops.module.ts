import { Module } from '@nestjs/common';
import { ThumbnailStore } from '../../libs/store/index.js';
import { CropImageController } from './crop-image.controller.js';
import { ThumbnailController } from './thumbnail.controller.js';
import { Thumbnails } from './thumbnail-store.js';

/** The pictures of crops, whole and small. */
@Module({
  controllers: [CropImageController, ThumbnailController],
  providers: [{ provide: ThumbnailStore, useClass: Thumbnails }],
})
export class CropsModule {}
