import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { ErrorsAsThrown, type Message } from '../../libs/mqtt/index.js';
import { FILTER, KINDS, topicEntry } from '../../libs/protocol/index.js';
import { Ingest } from './ingest.service.js';

const TOPICS = KINDS.filter((kind) => topicEntry(kind).direction === 'trap-to-service').map(
  (kind) => FILTER[kind],
);

/** The messages of the traps; each is acknowledged when the method has resolved. */
@Controller()
@UseFilters(ErrorsAsThrown)
export class MessagesController {
  constructor(private readonly ingest: Ingest) {}

  @EventPattern<string[]>(TOPICS)
  async receive(@Ctx() message: Message): Promise<void> {
    await this.ingest.messages.receiveAny(message);
  }
}
