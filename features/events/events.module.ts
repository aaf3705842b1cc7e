import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './events.controller.js';

/** Changes as they happen, for pages that stay open. */
@Module({ imports: [AccountsModule], controllers: [EventsController], providers: [EventStreams] })
export class EventsModule {}
