import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { isRejection } from '../../libs/protocol/index.js';
import { type DeadLetter, Problem, Reception, type SentMessage } from '../http/index.js';
import { LOG } from '../platform/index.js';
import { BodyLimiter } from './body-limiter.js';
import { announcedBytes, type ReadBody, readBody, senderOf } from './read-body.js';
import { rejectionProblem } from './rejection-problem.js';

/** From an HTTP request to the reception: what is said to those who cannot be served stands here. */
@Injectable()
export class SentMessages {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly room: BodyLimiter,
    @Optional() private readonly reception?: Reception,
  ) {}

  /** @throws Problem 501 where this process takes nothing, 503 or 507 where nothing is taken now */
  open(): Reception {
    const { reception } = this;
    if (!reception)
      throw new Problem(501, 'not-taken-here', 'This process reads only: send to one that takes messages.');
    const { closedBecause } = reception;
    if (closedBecause === 'disk-full') {
      throw new Problem(
        507,
        'disk-full',
        'The disk is under its reserve: nothing is taken until there is room.',
        {
          headers: { 'Retry-After': '60' },
        },
      );
    }
    if (closedBecause === 'closing') throw unavailable('The service is closing; try again.');
    return reception;
  }

  /**
   * Reads the body and hands it over. Resolves when it is durable.
   *
   * @throws Problem with the code of the refusal where it can never be taken
   */
  async take(request: Request, message: Pick<SentMessage, 'kind' | 'ids' | 'client'>) {
    const limit = this.open().maxBytes(message.kind);
    return this.withBody(request, limit, async (body) => {
      try {
        const onFaults = (text: string) => tellFaults(request, text);
        return { bytes: body.bytes, received: await this.handOver({ ...message, ...body, onFaults }) };
      } catch (error) {
        throw isRejection(error) ? rejectionProblem(error) : error;
      }
    });
  }

  /**
   * Hands over what was read elsewhere.
   *
   * @throws Refusal where it can never be taken; Problem 503 where it may be sent again
   */
  async handOver(message: SentMessage): Promise<'stored' | 'same'> {
    const reception = this.open();
    return this.kept(message, () => reception.take(message));
  }

  /**
   * Hands over what was refused before.
   *
   * @throws as {@link handOver}
   */
  async again(message: DeadLetter): Promise<'stored' | 'same'> {
    const reception = this.open();
    return this.kept(message, () => reception.takeAgain(message));
  }

  private async kept(
    { kind, ids, topic }: Partial<SentMessage & DeadLetter>,
    take: () => Promise<'stored' | 'same'>,
  ) {
    try {
      return await take();
    } catch (err) {
      if (isRejection(err)) throw err;
      this.log.error({ topic, kind, ...ids, err }, 'a message could not be kept: its sender must try again');
      throw unavailable('It could not be kept now; try again.');
    }
  }

  /** Reads a body while there is room for it, and holds the room until the work with it is done. */
  async withBody<T>(request: Request, limit: number, work: (body: ReadBody) => Promise<T>): Promise<T> {
    const atMost = Math.min(announcedBytes(request) ?? limit, limit);
    const share = await this.room.enter(atMost, senderOf(request));
    try {
      return await work(await readBody(request, limit, share));
    } finally {
      share.release();
    }
  }
}

/** A trap without MQTT hears of a field that was left out in a header, since the message is taken all the same. */
function tellFaults({ res }: Request, text: string): void {
  res?.set(
    PROBLEM_HEADER,
    text
      .replaceAll('°', 'deg ')
      .replace(/[^\x20-\x7e]/g, '?')
      .slice(0, MAX_HEADER),
  );
}

const PROBLEM_HEADER = 'Trapline-Problem';
const MAX_HEADER = 1000;

export const unavailable = (detail: string): Problem =>
  new Problem(503, 'unavailable', detail, { headers: { 'Retry-After': '5' } });
