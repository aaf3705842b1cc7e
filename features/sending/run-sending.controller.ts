import { Controller, Get, Header, Optional, Param, Put, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Catalog } from '../../libs/database/index.js';
import type { RunId } from '../../libs/domain/index.js';
import { buildReceipt, TOPICS } from '../../libs/protocol/index.js';
import { CurrentUser, hasRole, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, json, Links, notFound, Reception } from '../http/index.js';
import { findRun, missingRun, receiptOfRun } from '../runs/index.js';
import { expectOwnTrap } from './rejection-problem.js';
import {
  EXAMPLE_END,
  EXAMPLE_META,
  EXAMPLE_RECEIPT,
  EXAMPLE_TAKEN_RUN,
  RECEIPT,
  SENT_RUN,
  TAKEN_RUN,
} from './sending.schema.js';
import { SentMessages } from './sent-messages.js';

const AS_OVER_MQTT = 'The payload is that of MQTT, `v` included: the schemas stand at `/api/v1/protocol`.';

/** What a trap without MQTT says of its runs, and the receipt that it gets. */
@MinRole('device')
@Controller('api/v1/traps/:trapId/runs/:runId')
export class RunSendingController {
  constructor(
    private readonly catalog: Catalog,
    private readonly links: Links,
    private readonly sent: SentMessages,
    @Optional() private readonly reception?: Reception,
  ) {}

  @ApiDoc({
    tag: 'Sending',
    summary: 'Send what is known of a run',
    description: `${AS_OVER_MQTT} Said again, the later message wins field by field. Before, between or after the crops.`,
    body: { schema: TOPICS.meta.payload, example: EXAMPLE_META },
    answers: { 200: json(TAKEN_RUN, EXAMPLE_TAKEN_RUN, { description: 'It is durable' }) },
    problems: [413, 422, 501, 503, 507],
  })
  @Put()
  async meta(
    @Param({ schema: SENT_RUN }) run: RunId,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ) {
    await this.take(request, 'meta', run, user);
    const { trapId, runId } = run;
    return { trapId, runId, links: { self: this.links.run(run), ...this.links.sending(run) } };
  }

  @ApiDoc({
    tag: 'Sending',
    summary: 'End a run',
    description: `${AS_OVER_MQTT} The answer is the receipt, as far as the crops have come.`,
    body: { schema: TOPICS.end.payload, example: EXAMPLE_END },
    answers: { 200: json(RECEIPT, EXAMPLE_RECEIPT, { description: 'It is durable' }) },
    problems: [413, 422, 501, 503, 507],
  })
  @Put('end')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async end(
    @Param({ schema: SENT_RUN }) run: RunId,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ) {
    await this.take(request, 'end', run, user);
    return this.receiptOf(run);
  }

  @ApiDoc({
    tag: 'Sending',
    summary: 'Ask for the receipt of a run',
    description: 'Made anew each time: what is stored, what is missing, what was refused.',
    answers: { 200: json(RECEIPT, EXAMPLE_RECEIPT) },
  })
  @Get('receipt')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async receipt(@Param({ schema: SENT_RUN }) run: RunId, @CurrentUser() user: Principal) {
    if (!hasRole(user, 'viewer')) expectOwnTrap(user, run.trapId);
    return this.receiptOf(run);
  }

  private async take(request: Request, kind: 'meta' | 'end', run: RunId, user: Principal) {
    expectOwnTrap(user, run.trapId);
    await this.sent.take(request, { kind, ids: run, client: user.name });
  }

  // From the writer's side, or it could miss what was just committed.
  private async receiptOf(run: RunId): Promise<string> {
    const { db } = this.catalog;
    const known = await findRun(db, run);
    if (!known) throw await missingRun(db, run);
    if (known.endReceivedAtMs === null)
      throw notFound(`There is no receipt of run ${run.runId} yet: it answers an end, and none has come.`);
    const receipt = await receiptOfRun(db, known);
    if (receipt.state !== 'complete') return buildReceipt(receipt, Date.now());
    // The sender deletes the run on this receipt.
    await this.reception?.readPictures(run);
    return buildReceipt(await receiptOfRun(db, known), Date.now());
  }
}
