import { Module } from '@nestjs/common';
import { SessionsController } from './sessions.controller.js';

/** Recording periods of traps. */
@Module({ controllers: [SessionsController] })
export class SessionsModule {}
