import { Module } from '@nestjs/common';
import { CropsModule } from '../crops/index.js';
import { RunsModule } from '../runs/index.js';
import { Archives } from './images/archives.service.js';
import { CropContents } from './images/crop-contents.js';
import { ImageArchivesController } from './images/images.controller.js';
import { ReviewsDownloadController } from './tables/reviews-download.controller.js';
import { TablesController } from './tables/tables.controller.js';

/** Whole selections as files. */
@Module({
  imports: [CropsModule, RunsModule],
  controllers: [TablesController, ImageArchivesController, ReviewsDownloadController],
  providers: [Archives, CropContents],
  exports: [Archives, CropContents],
})
export class DownloadsModule {}
