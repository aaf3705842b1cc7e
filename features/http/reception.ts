import type { RunId } from '../../libs/domain/index.js';
import type { TrapMessageKind } from '../../libs/protocol/index.js';

/** A message of a trap, as it would have come over MQTT. */
export interface SentMessage {
  readonly kind: TrapMessageKind;
  /** As they came. */
  readonly ids: Readonly<Partial<Record<'trapId' | 'runId' | 'cropId' | 'sessionId', string>>>;
  readonly bytes: Buffer;
  /** Name of the account that sent it. */
  readonly client: string;
  /** Where the body was over its limit: how many bytes there were, as far as is known. `bytes` are its beginning. */
  readonly tooLargeBytes?: number | undefined;
  /** Learns which fields of a message that was taken were left out, or are doubtful. */
  readonly onFaults?: ((text: string) => void) | undefined;
}

/** A message that was set aside once. */
export interface DeadLetter {
  readonly topic: string;
  readonly client: string | undefined;
  readonly bytes: Buffer;
  readonly code: string;
}

/**
 * Takes the messages that traps send over HTTP, exactly as those over MQTT. Provided by the ingest; absent where this
 * process takes no messages, hence `@Optional()`.
 */
export abstract class Reception {
  /** Why nothing is taken now; undefined as a rule. */
  abstract readonly closedBecause: 'disk-full' | 'closing' | undefined;
  /** Which background work fails at present, as `<work>: <message>`. */
  abstract readonly lastError: string | undefined;
  /** Messages that could not be stored so far and are retried. */
  abstract readonly heldUp: number;
  /** Measures the disk now; what is found decides at once whether messages are taken. */
  abstract freeBytes(): Promise<number>;
  /** Bytes that a message of this kind may have. */
  abstract maxBytes(kind: TrapMessageKind): number;
  /**
   * When it resolves the message is durable; `same` for a crop that was there before.
   *
   * @throws Rejection if it can never be taken, and is a dead letter now; any other error means: retry
   */
  abstract take(message: SentMessage): Promise<'stored' | 'same'>;
  /**
   * Takes a rejected message once more; its dead letter stays as it is.
   *
   * @throws Rejection if it is rejected again
   */
  abstract takeAgain(message: DeadLetter): Promise<'stored' | 'same'>;
  /** Reads all pictures of a run and notes what is damaged: before a receipt says that they are there. */
  abstract readPictures(run: RunId): Promise<void>;
  /** The bytes of what was deleted for good leave the journal. */
  abstract forgetDeleted(): Promise<void>;
}
