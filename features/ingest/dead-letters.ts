import type { Logger } from 'pino';
import type { Catalog } from '../../libs/database/index.js';
import { isId, type RunId, rejectedReceipt, runKey } from '../../libs/domain/index.js';
import { type Message, TopicError } from '../../libs/mqtt/index.js';
import {
  buildProblem,
  buildReceipt,
  isRejection,
  type MessageFaults,
  publishFault,
  Rejection,
  type RejectionCode,
  type SalvagedEnd,
  salvageEnd,
  topicOf,
} from '../../libs/protocol/index.js';
import { type NewDeadLetter, putDeadLetter } from '../dead-letters/index.js';
import { putInOutbox } from '../outbox/index.js';
import { saveRun } from '../runs/index.js';
import type { DiskGuard } from './disk-guard.js';
import { metrics } from './ingest.metrics.js';
import type { MessageTurns } from './message-turns.js';

/** Sets aside for good what can never be taken: kept, counted, listed, and told to the trap. */
export class DeadLetters {
  constructor(
    private readonly catalog: Catalog,
    private readonly disk: DiskGuard,
    private readonly turns: MessageTurns,
    private readonly keepBytes: number,
    /** Takes what could be read of an `end`. */
    private readonly salvage: (run: RunId, end: SalvagedEnd, nowMs: number) => Promise<void>,
    private readonly publish: (topic: string, payload: string) => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** Durable when it resolves: then the message may be acknowledged, so that it is not sent for ever. */
  async reject(message: Message, error: unknown): Promise<void> {
    await this.disk.room(); // a dead letter needs room, too
    await this.turns.take(message, () => this.keep(message, error));
  }

  private async keep(message: Message, error: unknown): Promise<void> {
    const nowMs = Date.now();
    const refusal = refusalOf(message, error);
    const { trapId, runId, cropId } =
      refusal.code === 'foreign-topic' ? { trapId: message.client } : { ...message.parsed.ids };
    const letter: NewDeadLetter = {
      topic: message.topic,
      client: message.client,
      trapId,
      runId,
      cropId,
      code: refusal.code,
      field: refusal.field,
      message: refusal.message,
      bytes: message.payload,
      size: message.truncatedFrom,
      // Somebody wanted these bytes gone.
      keepBytes: refusal.code === 'deleted' ? 0 : this.keepBytes,
    };
    const ended =
      message.parsed.kind === 'end' && trapId !== undefined && runId !== undefined
        ? { trapId, runId }
        : undefined;
    const salvaged = ended && salvageEnd(message.payload);
    await this.catalog.inSharedTransaction(async (tx) => {
      await putDeadLetter(tx, letter, nowMs);
      if (ended && salvaged?.crops === undefined) await putInOutbox(tx, [refusalReceipt(ended, nowMs)]);
      // The run may be complete now: a crop that is refused will not come any more.
      if (trapId && runId) await saveRun(tx, { trapId, runId }, { decideAtMs: nowMs });
    });
    // Where it says how many crops there are, the run has ended all the same, and has a receipt like any other.
    if (ended && salvaged) await this.salvage(ended, salvaged, nowMs);
    metrics.refused.inc({ code: refusal.code });
    this.log.warn(
      { topic: message.topic, client: message.client, code: refusal.code, field: refusal.field },
      'message refused',
    );
    this.tell(trapId ?? message.client, message.topic, refusal, nowMs);
  }

  /**
   * A message was taken, but for some of its fields, or although some are doubtful: the trap is told which. What does not
   * keep to the contract is a dead letter besides; what a device says when it has no value is none.
   */
  async tellFaults(message: Message, { absent, suspect, refused }: MessageFaults): Promise<void> {
    const { trapId, runId, cropId } = message.parsed.ids;
    const nowMs = Date.now();
    const refusal = new Rejection('bad-payload', faultText({ absent, suspect, refused }), refused[0]?.field);
    if (refused.length) {
      await putDeadLetter(
        this.catalog.db,
        {
          topic: message.topic,
          client: message.client,
          trapId,
          runId,
          cropId,
          code: refusal.code,
          field: refusal.field,
          message: refusal.message,
          bytes: message.payload,
          keepBytes: this.keepBytes,
        },
        nowMs,
      );
      metrics.refused.inc({ code: refusal.code });
      const fields = refused.map(({ field }) => field);
      this.log.warn({ topic: message.topic, client: message.client, fields }, 'fields refused');
    }
    this.tell(trapId ?? message.client, message.topic, refusal, nowMs);
  }

  /** A hint for whoever looks; the dead letter is what counts, so nobody waits for it. */
  private tell(trapId: string | undefined, topic: string, refusal: Rejection, nowMs: number): void {
    if (!isId(trapId)) return;
    const problem = buildProblem({ topic, code: refusal.code, message: refusal.message }, nowMs);
    this.publish(topicOf.problem(trapId), problem).catch(() => {});
  }
}

/** All fields by their names first, since long messages are cut; then what is wrong with each. */
export function faultText({ absent, suspect, refused }: MessageFaults): string {
  const faults = [...refused, ...absent, ...suspect];
  const sentences = [...new Set(faults.map(({ message }) => message))];
  const names = faults.map(({ field }) => field).join(', ');
  return sentences.length === 1 ? (sentences[0] as string) : `${names}: ${sentences.join('; ')}`;
}

/** The transport refuses a topic as such; what is wrong with it, only the contract can say. */
function refusalOf(message: Message, error: unknown): Rejection {
  if (isRejection(error)) return error;
  if (error instanceof TopicError && error.code === 'too-large') {
    return new Rejection(
      'too-large',
      `the message announced ${message.truncatedFrom} bytes, which is more than any message may have`,
    );
  }
  const { client, parsed } = message;
  const fault = client !== undefined && isId(client) ? publishFault(client, parsed) : parsed.fault;
  if (fault) return fault;
  return new Rejection(error instanceof TopicError ? (error.code as RejectionCode) : 'bad-topic');
}

/** Every `end` is answered, also one that cannot be read. */
const refusalReceipt = (run: RunId, nowMs: number) => ({
  kind: 'receipt' as const,
  key: runKey(run),
  topic: topicOf.receipt(run),
  retain: 0 as const,
  payload: buildReceipt(rejectedReceipt(), nowMs),
});
