import { Module } from '@nestjs/common';
import { DownloadsModule } from '../../downloads/index.js';
import { SendingModule } from '../../sending/index.js';
import { ClassifyController } from './classify.controller.js';
import { DataController } from './data.controller.js';

/** The routes of waskrabbeltda, for its trap client and its readers. */
@Module({ imports: [DownloadsModule, SendingModule], controllers: [ClassifyController, DataController] })
export class WaskrabbeltdaModule {}
