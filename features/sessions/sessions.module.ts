import { Module } from '@nestjs/common';
import { EffortRepository } from './effort.repository.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

/** Recording periods of traps. Their minutes are the sampling effort. */
@Module({
  controllers: [SessionsController],
  providers: [SessionsService, SessionsRepository, EffortRepository],
  exports: [SessionsRepository, EffortRepository],
})
export class SessionsModule {}
