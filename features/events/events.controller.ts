import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import {
  CurrentUser,
  hasRole,
  type Identity,
  type KeyedRequest,
  PrincipalResolver,
  TrapLimit,
} from '../accounts/index.js';
import { ApiDoc, file } from '../http/index.js';
import { EventStreams } from './event-streams.js';

const SEQ = /^\d{1,16}$/;

/** What changes, while it changes: for pages that stay open. */
@TrapLimit('inside')
@Controller('api/v1/events')
export class EventsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly callers: PrincipalResolver,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Changes as they happen',
    description:
      'Server-Sent Events: `run`, `episode`, `sighting`, `trap` and `job`, each with the ids of what has changed; `resync` where something may have been missed. One stream for each login or key: a second one ends the first with `replaced`. With `Last-Event-ID` it goes on where it was.',
    headers: {
      'Last-Event-ID': {
        description: 'The last event that is known; browsers send it by themselves',
        example: '0',
      },
    },
    answers: {
      200: file('text/event-stream', 'Events, until the client goes away', {
        example:
          'id: 1780300800000000\nevent: run\ndata: {"trapId":"meadow-1","runId":"run-1","change":"verdict"}\n\n',
      }),
    },
    problems: [503],
  })
  @Get()
  async follow(
    @Headers('last-event-id') last: string | undefined,
    @CurrentUser() caller: NonNullable<Identity['caller']>,
    @Req() request: KeyedRequest,
    @Res() response: Response,
  ): Promise<void> {
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    const follower = {
      session: caller.login?.id ?? `${caller.kind} ${caller.name}`,
      seesAllJobs: hasRole(caller, 'admin'),
      traps: caller.traps,
      current: () => this.callers.current(request),
    };
    await this.streams.open(
      follower,
      response,
      last !== undefined && SEQ.test(last) ? Number(last) : undefined,
    );
  }
}
