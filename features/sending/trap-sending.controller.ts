import { Controller, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
import { TOPICS } from '../../libs/protocol/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, empty } from '../http/index.js';
import { expectOwnTrap } from './rejection-problem.js';
import {
  EXAMPLE_INFO,
  EXAMPLE_SESSION,
  EXAMPLE_TELEMETRY,
  SENT_SESSION,
  SENT_TRAP,
} from './sending.schema.js';
import { SentMessages } from './sent-messages.js';

const AS_OVER_MQTT = 'The payload is that of MQTT, `v` included: the schemas stand at `/api/v1/protocol`.';
const DURABLE = { 204: empty('It is durable') };

/** What a trap without MQTT says of itself. */
@MinRole('device')
@Controller('api/v1/traps/:trapId')
export class TrapSendingController {
  constructor(private readonly sent: SentMessages) {}

  @ApiDoc({
    tag: 'Sending',
    summary: 'Send a session',
    description: `${AS_OVER_MQTT} At its start, and again at its end: its minutes are the sampling effort.`,
    body: { schema: TOPICS.session.payload, example: EXAMPLE_SESSION },
    answers: DURABLE,
    problems: [413, 422, 501, 503, 507],
  })
  @Put('sessions/:sessionId')
  @HttpCode(204)
  async session(
    @Param({ schema: SENT_SESSION }) { trapId, sessionId }: z.output<typeof SENT_SESSION>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ): Promise<void> {
    await this.take(request, 'session', { trapId, sessionId }, user);
  }

  @ApiDoc({
    tag: 'Sending',
    summary: 'Send a reading',
    description: `${AS_OVER_MQTT} Of the same time again, it replaces the earlier one.`,
    body: { schema: TOPICS.telemetry.payload, example: EXAMPLE_TELEMETRY },
    answers: DURABLE,
    problems: [413, 422, 501, 503, 507],
  })
  @Post('telemetry')
  @HttpCode(204)
  async telemetry(
    @Param({ schema: SENT_TRAP }) { trapId }: z.output<typeof SENT_TRAP>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ): Promise<void> {
    await this.take(request, 'telemetry', { trapId }, user);
  }

  @ApiDoc({
    tag: 'Sending',
    summary: 'Say what the trap is',
    description: `${AS_OVER_MQTT} A field that is left out stays as it was. Times without a zone are read in \`timeZone\`.`,
    body: { schema: TOPICS.info.payload, example: EXAMPLE_INFO },
    answers: DURABLE,
    problems: [413, 422, 501, 503, 507],
  })
  @Put('info')
  @HttpCode(204)
  async info(
    @Param({ schema: SENT_TRAP }) { trapId }: z.output<typeof SENT_TRAP>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ): Promise<void> {
    await this.take(request, 'info', { trapId }, user);
  }

  private async take(
    request: Request,
    kind: 'session' | 'telemetry' | 'info',
    ids: { readonly trapId: string; readonly sessionId?: string },
    user: Principal,
  ): Promise<void> {
    expectOwnTrap(user, ids.trapId);
    await this.sent.take(request, { kind, ids, client: user.name });
  }
}
