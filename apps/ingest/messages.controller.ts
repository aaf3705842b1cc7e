import { Controller, Inject, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ErrorsAsThrown, type Message } from '../../libs/mqtt/index.js';
import { FILTER, type MessageOf, parseMessageOf, type TrapMessageKind } from '../../libs/protocol/index.js';
import { Ingest } from './ingest.js';
import { metrics } from './metrics.js';

/** The messages of the traps; each is acknowledged when its method has resolved. The type argument keeps `@EventPattern` to strings. */
@Controller()
@UseFilters(ErrorsAsThrown)
export class MessagesController {
  constructor(@Inject(Ingest) private readonly ingest: Ingest) {}

  @EventPattern<string>(FILTER.crop)
  crop(@Payload() bytes: Buffer, @Ctx() message: Message) {
    return this.take(message, 'crop', ({ trapId, runId, cropId }, nowMs) =>
      this.ingest.crops.receive({ trapId, runId, cropId }, bytes, nowMs),
    );
  }

  @EventPattern<string>(FILTER.meta)
  meta(@Ctx() message: Message) {
    return this.take(message, 'meta', ({ trapId, runId, payload }, nowMs) =>
      this.ingest.runs.meta({ trapId, runId }, payload, nowMs),
    );
  }

  @EventPattern<string>(FILTER.end)
  end(@Ctx() message: Message) {
    return this.take(message, 'end', ({ trapId, runId, payload }, nowMs) =>
      this.ingest.runs.end({ trapId, runId }, payload, nowMs),
    );
  }

  @EventPattern<string>(FILTER.session)
  session(@Ctx() message: Message) {
    return this.take(message, 'session', ({ trapId, sessionId, payload }, nowMs) =>
      this.ingest.traps.session(trapId, sessionId, payload, nowMs),
    );
  }

  @EventPattern<string>(FILTER.telemetry)
  telemetry(@Ctx() message: Message) {
    return this.take(message, 'telemetry', ({ trapId, payload }, nowMs) =>
      this.ingest.traps.telemetry(trapId, payload, nowMs),
    );
  }

  @EventPattern<string>(FILTER.status)
  status(@Ctx() message: Message) {
    return this.take(message, 'status', ({ trapId, payload }, nowMs) =>
      this.ingest.traps.status(trapId, message.topic, payload, nowMs),
    );
  }

  @EventPattern<string>(FILTER.info)
  info(@Ctx() message: Message) {
    return this.take(message, 'info', ({ trapId, payload }, nowMs) =>
      this.ingest.traps.info(trapId, message.topic, payload, nowMs),
    );
  }

  @EventPattern<string>(FILTER.configApplied)
  configApplied(@Ctx() message: Message) {
    return this.take(message, 'configApplied', () => this.ingest.traps.keep(message.topic, message.payload));
  }

  @EventPattern<string>(FILTER.commandAnswer)
  commandAnswer(@Ctx() message: Message) {
    return this.take(message, 'commandAnswer', async ({ trapId, commandId, payload }) =>
      this.ingest.noteAnswer(trapId, commandId, payload),
    );
  }

  private async take<K extends TrapMessageKind>(
    message: Message,
    kind: K,
    receive: (parsed: MessageOf<K>, nowMs: number) => Promise<void>,
  ) {
    await this.ingest.disk.room();
    const parsed = parseMessageOf(kind, message.topic, message.payload, this.ingest.limits);
    this.ingest.presence.seen(parsed.trapId);
    await receive(parsed, Date.now());
    metrics.messages.inc({ kind });
  }
}
