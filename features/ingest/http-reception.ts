import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RunId } from '../../libs/domain/index.js';
import { type Message, TrapTransport } from '../../libs/mqtt/index.js';
import {
  isRejection,
  type MessageFaults,
  Rejection,
  readTopic,
  type TrapMessageKind,
  topicEntry,
  topicWith,
} from '../../libs/protocol/index.js';
import { type DeadLetter, Reception, type SentMessage } from '../http/index.js';
import { faultText } from './dead-letters.js';
import { Ingest } from './ingest.service.js';
import type { Received } from './receive-message.js';

/**
 * Takes over HTTP what MQTT takes: the same receiver, the same group commit, the same dead letters. But nobody waits
 * here for better times, as a broker does: who asks learns that he must come again.
 */
@Injectable()
export class HttpReception extends Reception implements OnApplicationShutdown {
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly ingest: Ingest,
    private readonly transport: TrapTransport,
  ) {
    super();
  }

  get lastError(): string | undefined {
    return this.ingest.work.lastError;
  }

  get heldUp(): number {
    return this.transport.heldUp;
  }

  /** Why nothing is taken now; undefined as a rule. */
  get closedBecause(): 'disk-full' | 'closing' | undefined {
    const { disk } = this.ingest;
    if (disk.isClosed) return 'closing';
    return disk.isFull ? 'disk-full' : undefined;
  }

  freeBytes(): Promise<number> {
    return this.ingest.disk.look();
  }

  /** Bytes that a message of this kind may have. */
  maxBytes(kind: TrapMessageKind): number {
    return kind === 'crop' ? this.ingest.limits.cropBytes : topicEntry(kind).maxBytes;
  }

  /**
   * When it resolves the message is durable.
   *
   * @throws Refusal where it can never be taken: then it is a dead letter, durable too; any other error: try again
   */
  take(sent: SentMessage): Promise<Received> {
    return this.noted(this.takeOrRefuse(sent));
  }

  /**
   * Puts a refused message through once more. What becomes of its dead letter is the caller's business.
   *
   * @throws Refusal where it is refused again
   */
  takeAgain({ topic, client, bytes, code }: DeadLetter): Promise<Received> {
    // Nothing but the sender was wrong with it, and he is the same.
    if (code === 'foreign-topic') return Promise.reject(new Rejection('foreign-topic'));
    return this.noted(this.takeWhole(asMessage({ topic, parsed: readTopic(topic) }, bytes, client)));
  }

  /** @throws Refusal also where only a field is refused: what it said stands among the dead letters until it is taken */
  private async takeWhole(message: Message): Promise<Received> {
    let faults: MessageFaults | undefined;
    const received = await this.ingest.messages.receive(message, (found) => {
      faults = found;
    });
    const [first] = faults?.refused ?? [];
    if (first) throw new Rejection('bad-payload', first.message, first.field);
    return received;
  }

  /** Reads all pictures of a run before a receipt says that they are there; what is damaged is noted. */
  async readPictures(run: RunId): Promise<void> {
    await this.ingest.pictures.readRun(run);
  }

  forgetDeleted(): Promise<void> {
    return this.ingest.forgetJournal();
  }

  /** Nest calls it before the ingest's own, which this depends on: what is under way still needs it. */
  async onApplicationShutdown(): Promise<void> {
    while (this.underWay.size) await Promise.allSettled(this.underWay);
  }

  private async takeOrRefuse(sent: SentMessage): Promise<Received> {
    const { kind, ids, bytes, client, tooLargeBytes, onFaults } = sent;
    const message = {
      ...asMessage(topicWith(kind, ids), bytes, client),
      ...(tooLargeBytes && { truncatedFrom: tooLargeBytes }),
    };
    try {
      if (tooLargeBytes !== undefined) throw this.tooLarge(kind, tooLargeBytes);
      return await this.ingest.messages.receive(message, (faults) => onFaults?.(faultText(faults)));
    } catch (error) {
      if (isRejection(error)) await this.ingest.deadLetters.reject(message, error);
      throw error;
    }
  }

  private tooLarge(kind: TrapMessageKind, bytes: number): Rejection {
    return new Rejection(
      'too-large',
      `a ${kind} may have ${this.maxBytes(kind)} bytes, this one has at least ${bytes}`,
    );
  }

  private noted<T>(work: Promise<T>): Promise<T> {
    const noted = work.finally(() => this.underWay.delete(noted));
    this.underWay.add(noted);
    return noted;
  }
}

const asMessage = (
  topic: Pick<Message, 'topic' | 'parsed'>,
  payload: Buffer,
  client: string | undefined,
): Message => ({
  ...topic,
  payload,
  qos: 1,
  retain: false,
  duplicate: false,
  ...(client !== undefined && { client }),
});
