import { Module } from '@nestjs/common';
import { CropsModule } from '../crops/index.js';
import { Archives } from './archives.service.js';
import { CropContents } from './crop-contents.js';
import { ImageArchivesController } from './images.controller.js';
import { ReviewsDownloadController } from './reviews-download.controller.js';
import { TablesController } from './tables.controller.js';

/** Whole selections as files. */
@Module({
  imports: [CropsModule],
  controllers: [TablesController, ImageArchivesController, ReviewsDownloadController],
  providers: [Archives, CropContents],
  exports: [Archives, CropContents],
})
export class DownloadsModule {}
