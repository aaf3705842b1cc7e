import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/index.js';
import { DeadLetterActionsController } from './dead-letter-actions.controller.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersRepository } from './dead-letters.repository.js';
import { DeadLettersService } from './dead-letters.service.js';

/** Messages that were rejected for good. */
@Module({
  imports: [SendingModule],
  controllers: [DeadLettersController, DeadLetterActionsController],
  providers: [DeadLettersService, DeadLettersRepository],
})
export class DeadLettersModule {}
