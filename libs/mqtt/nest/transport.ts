import { type ArgumentsHost, Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import { FILTER } from '../../protocol/index.js';
import { type AckPolicy, acknowledgeWith } from '../ack-policy.js';
import type { Acknowledge, Message, MessageSource, SourceStats } from '../message.js';
import { TopicError } from '../topic-error.js';

export interface TrapTransportOptions
  extends Pick<AckPolicy, 'isRejection' | 'refuse' | 'backoff' | 'onRefused' | 'onRetry'> {
  readonly source: MessageSource;
}

const PATTERNS: ReadonlySet<string> = new Set(Object.values(FILTER));

interface TransportStats extends SourceStats {
  /** Messages that became dead letters. */
  readonly refused: number;
  /** Attempts that failed and were repeated. */
  readonly retried: number;
}

/**
 * A Nest transport for `@EventPattern<string>(FILTER.crop)`: the topics of the contract, kind by kind. A handler
 * gets the raw payload (`@Payload()`, a Buffer) and the `Message` (`@Ctx()`). The message is acknowledged when
 * the promise or observable it returns has ended, or when the refusal it threw is committed.
 *
 * Each kind has one handler at most. Controllers need `@UseFilters(ErrorsAsThrown)`.
 */
export class TrapTransport extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: TrapTransportOptions;
  readonly #closing = new AbortController();
  #refused = 0;
  #retried = 0;
  /** Those whose last attempt failed. */
  readonly #heldUp = new Set<Message>();

  constructor(options: TrapTransportOptions) {
    super();
    this.#options = options;
  }

  get stats(): TransportStats {
    return { ...this.#options.source.stats, refused: this.#refused, retried: this.#retried };
  }

  /** Messages that failed and wait for their next attempt, or are in it. */
  get heldUp(): number {
    return this.#heldUp.size;
  }

  override addHandler(pattern: string, handler: MessageHandler, isEvent = false): void {
    if (!isEvent) throw new Error(`a trap expects no reply: use @EventPattern for ${pattern}`);
    if (!PATTERNS.has(pattern)) throw new Error(`no topics of the contract: ${pattern}`);
    if (this.messageHandlers.has(pattern)) throw new Error(`topics with two handlers: ${pattern}`);
    this.messageHandlers.set(pattern, handler);
  }

  /** Hands messages to the handlers from now on. Does not wait for an external broker that is away. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    const { source, isRejection, onRefused, onRetry } = this.#options;
    const settle = acknowledgeWith({
      ...this.#options,
      handle: (message) => this.#handle(message),
      isRejection: (error) => error instanceof TopicError || isRejection(error),
      closing: this.#closing.signal,
      onRefused: (message, error) => {
        this.#refused++;
        onRefused?.(message, error);
      },
      onRetry: (message, ...attempt) => {
        this.#retried++;
        this.#heldUp.add(message);
        onRetry?.(message, ...attempt);
      },
    });
    const settleAndForget: Acknowledge = (message) =>
      settle(message).finally(() => this.#heldUp.delete(message));
    try {
      await source.listen([...this.messageHandlers.keys()], settleAndForget);
    } catch (error) {
      return callback(error);
    }
    callback();
  }

  /** Lets what is in flight come to its end; what fails now stays unacknowledged. */
  override async close(): Promise<void> {
    this.#closing.abort();
    await this.#options.source.close();
  }

  override on(): never {
    throw new Error('this transport emits no events');
  }

  override unwrap<T>(): T {
    return this.#options.source as T;
  }

  async #handle(message: Message): Promise<void> {
    if (message.foreign) throw new TopicError('foreign-topic');
    if (message.truncatedFrom !== undefined) throw new TopicError('too-large');
    const { kind } = message.parsed;
    const handler = kind && this.messageHandlers.get(FILTER[kind]);
    if (!handler) throw new TopicError('bad-topic');
    try {
      const result: unknown = await handler(message.payload, message);
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    } catch (error) {
      throw isMasked(error) ? new MaskedError(message.topic) : error;
    }
  }
}

/**
 * Hands errors of handlers on as they were thrown. Without it Nest replaces them by `{ status: 'error' }`, and
 * nobody could tell a message that can never be right from a disk that is full.
 */
@Catch()
export class ErrorsAsThrown implements RpcExceptionFilter<unknown> {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/** The wiring is wrong. Nothing is lost: the message is tried again until the process is replaced. */
class MaskedError extends Error {
  constructor(topic: string) {
    super(`Nest hides what the handler of ${topic} threw: add @UseFilters(ErrorsAsThrown) to its controller`);
    this.name = 'MaskedError';
  }
}

const isMasked = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && !(error instanceof Error) && 'status' in error;
