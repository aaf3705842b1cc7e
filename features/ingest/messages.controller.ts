import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { ErrorsAsThrown, type Message } from '../../libs/mqtt/index.js';
import { TRAP_FILTERS } from '../../libs/protocol/index.js';
import { Ingest } from './ingest.service.js';

/** The messages of the traps. Each is acknowledged once it is durable. */
@Controller()
@UseFilters(ErrorsAsThrown)
export class MessagesController {
  constructor(private readonly ingest: Ingest) {}

  @EventPattern<readonly string[]>(TRAP_FILTERS)
  async take(@Ctx() message: Message): Promise<void> {
    await this.ingest.messages.receive(message);
  }
}
