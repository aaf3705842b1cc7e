import { Module } from '@nestjs/common';
import { DownloadsModule } from '../downloads/index.js';
import { CamtrapDpController } from './camtrap-dp/camtrap-dp.controller.js';
import { DarwinCoreController } from './darwin-core/darwin-core.controller.js';
import { ExportJobs } from './export-jobs.js';

/** Visits in the exchange formats of the field. */
@Module({
  imports: [DownloadsModule],
  controllers: [CamtrapDpController, DarwinCoreController],
  providers: [ExportJobs],
})
export class ExportsModule {}
