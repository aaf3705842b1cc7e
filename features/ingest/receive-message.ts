import type { Message } from '../../libs/mqtt/index.js';
import {
  type CommandAnswerPayload,
  isClearing,
  type MessageFaults,
  type MessageOf,
  type TrapMessage,
  type TrapMessageKind,
  takeMessage,
  trapMessageKind,
} from '../../libs/protocol/index.js';
import type { DeadLetters } from './dead-letters.js';
import type { DiskGuard } from './disk-guard.js';
import { metrics } from './ingest.metrics.js';
import type { MessageTurns } from './message-turns.js';
import type { Presence } from './presence.js';
import type { CropReceiver } from './receive-crop.js';
import type { RunReceiver } from './receive-run.js';
import type { TrapReceiver } from './receive-trap.js';
import type { IngestSettings } from './settings.js';

/** What became of a message: `same` for a crop that was there before. */
export type Received = 'stored' | 'same';

interface Receivers {
  readonly limits: IngestSettings['limits'];
  readonly disk: DiskGuard;
  readonly presence: Presence;
  readonly turns: MessageTurns;
  readonly crops: CropReceiver;
  readonly runs: RunReceiver;
  readonly traps: TrapReceiver;
  readonly deadLetters: Pick<DeadLetters, 'tellFaults'>;
  readonly noteOnline: (trapId: string) => void;
  readonly noteAnswer: (trapId: string, commandId: string, answer: CommandAnswerPayload) => void;
}

type Receive<K extends TrapMessageKind> = (
  parsed: MessageOf<K>,
  nowMs: number,
  message: Message,
) => Promise<Received | undefined>;

/** Takes one message of a trap, whichever way it came: over MQTT, over HTTP, or once more from the dead letters. */
export class MessageReceiver {
  private readonly receivers: { readonly [K in TrapMessageKind]: Receive<K> };

  constructor(private readonly parts: Receivers) {
    const { crops, runs, traps } = parts;
    this.receivers = {
      crop: ({ trapId, runId, cropId }, nowMs, { payload }) =>
        crops.receive({ trapId, runId, cropId }, payload, nowMs),
      meta: taken(({ trapId, runId, payload }, nowMs) => runs.meta({ trapId, runId }, payload, nowMs)),
      end: taken(({ trapId, runId, payload }, nowMs) => runs.end({ trapId, runId }, payload, nowMs)),
      session: taken(({ trapId, sessionId, payload }, nowMs) =>
        traps.session(trapId, sessionId, payload, nowMs),
      ),
      telemetry: taken(({ trapId, payload }, nowMs) => traps.telemetry(trapId, payload, nowMs)),
      status: taken(async ({ trapId, payload }, nowMs, { topic }) => {
        await traps.status(trapId, topic, payload, nowMs);
        if (payload.state === 'online') parts.noteOnline(trapId);
      }),
      info: taken(({ trapId, payload }, nowMs, { topic }) => traps.info(trapId, topic, payload, nowMs)),
      configApplied: taken((_parsed, _nowMs, { topic, payload }) => traps.keep(topic, payload)),
      commandAnswer: taken(async ({ trapId, commandId, payload }) =>
        parts.noteAnswer(trapId, commandId, payload),
      ),
    };
  }

  /**
   * When it resolves the message is durable, and may be acknowledged. Optional fields that are wrong are left out of it,
   * and told to the trap.
   *
   * @param onFaults learns of those fields, too
   * @throws Rejection where it can never be taken; any other error means: not now, try again
   */
  async receive(message: Message, onFaults?: (faults: MessageFaults) => void): Promise<Received> {
    const { disk, limits, presence, deadLetters, traps, turns } = this.parts;
    await disk.room();
    const { topic, parsed, payload } = message;
    const kind = trapMessageKind(parsed);
    const { trapId = '' } = parsed.ids;
    if (isClearing(kind, payload)) {
      presence.seen(trapId);
      await turns.take(message, () => traps.clear(kind, trapId, topic, Date.now()));
      metrics.messages.inc({ kind });
      return 'stored';
    }
    const { message: taken, ...faults } = takeMessage(parsed, payload, limits);
    presence.seen(trapId);
    const receive = this.receivers[kind] as (
      message: TrapMessage,
      ...rest: [number, Message]
    ) => Promise<Received | undefined>;
    const work = async () => {
      const received = await receive(taken, Date.now(), message);
      if (faults.absent.length || faults.suspect.length || faults.refused.length) {
        await deadLetters.tellFaults(message, faults);
        onFaults?.(faults);
      }
      return received;
    };
    // Crops are committed in groups.
    const received = kind === 'crop' ? await work() : await turns.take(message, work);
    metrics.messages.inc({ kind });
    return received ?? 'stored';
  }
}

const taken =
  <K extends TrapMessageKind>(
    receive: (parsed: MessageOf<K>, nowMs: number, message: Message) => Promise<void>,
  ): Receive<K> =>
  async (...args) => {
    await receive(...args);
    return undefined;
  };
