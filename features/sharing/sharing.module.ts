import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index.js';
import { CropsModule } from '../crops/index.js';
import { RunsModule } from '../runs/index.js';
import { SharingController } from './sharing.controller.js';

/** Runs for people without an account. */
@Module({ imports: [AccountsModule, CropsModule, RunsModule], controllers: [SharingController] })
export class SharingModule {}
