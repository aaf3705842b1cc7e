import { Module } from '@nestjs/common';
import { TimesController } from './times.controller.js';
import { TimesService } from './times.service.js';

/** When runs and sessions truly took place. */
@Module({ controllers: [TimesController], providers: [TimesService] })
export class ClockModule {}
