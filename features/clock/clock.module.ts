import { Module } from '@nestjs/common';
import { TimesController } from './times.controller.js';

/** When runs and sessions truly took place. */
@Module({ controllers: [TimesController] })
export class ClockModule {}
