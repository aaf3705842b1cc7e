import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index.js';
import { CropsModule } from '../crops/index.js';
import { RunsModule } from '../runs/index.js';
import { SharingController } from './sharing.controller.js';
import { SharingRepository } from './sharing.repository.js';
import { SharingService } from './sharing.service.js';

/** Runs for people without an account. */
@Module({
  imports: [AccountsModule, CropsModule, RunsModule],
  controllers: [SharingController],
  providers: [SharingService, SharingRepository],
})
export class SharingModule {}
