import { Controller, Inject, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { ErrorsAsThrown, type Message } from '../../libs/mqtt/index.js';
import { FILTER, type TrapMessageKind } from '../../libs/protocol/index.js';
import { Ingest } from './ingest.service.js';

/** The messages of the traps; each is acknowledged when its method has resolved. The type argument keeps `@EventPattern` to strings. */
@Controller()
@UseFilters(ErrorsAsThrown)
export class MessagesController {
  constructor(@Inject(Ingest) private readonly ingest: Ingest) {}

  @EventPattern<string>(FILTER.crop)
  crop(@Ctx() message: Message) {
    return this.take('crop', message);
  }

  @EventPattern<string>(FILTER.meta)
  meta(@Ctx() message: Message) {
    return this.take('meta', message);
  }

  @EventPattern<string>(FILTER.end)
  end(@Ctx() message: Message) {
    return this.take('end', message);
  }

  @EventPattern<string>(FILTER.session)
  session(@Ctx() message: Message) {
    return this.take('session', message);
  }

  @EventPattern<string>(FILTER.telemetry)
  telemetry(@Ctx() message: Message) {
    return this.take('telemetry', message);
  }

  @EventPattern<string>(FILTER.status)
  status(@Ctx() message: Message) {
    return this.take('status', message);
  }

  @EventPattern<string>(FILTER.info)
  info(@Ctx() message: Message) {
    return this.take('info', message);
  }

  @EventPattern<string>(FILTER.configApplied)
  configApplied(@Ctx() message: Message) {
    return this.take('configApplied', message);
  }

  @EventPattern<string>(FILTER.commandAnswer)
  commandAnswer(@Ctx() message: Message) {
    return this.take('commandAnswer', message);
  }

  private async take(kind: TrapMessageKind, message: Message): Promise<void> {
    await this.ingest.messages.receive(kind, message);
  }
}
