import type { RunId } from '../../libs/domain/index.js';
import type { TrapMessageKind } from '../../libs/protocol/index.js';

/** A message of a trap, as it would have come over MQTT. */
export interface SentMessage {
  readonly kind: TrapMessageKind;
  readonly topic: string;
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

/** Whoever takes the messages of traps. The API never looks into them: what is right over MQTT is right here. */
export interface Reception {
  /** Why nothing is taken now; undefined as a rule. */
  readonly closedBecause: 'disk-full' | 'closing' | undefined;
  /** Bytes that a message of this kind may have. */
  maxBytes(kind: TrapMessageKind): number;
  /**
   * When it resolves the message is durable; `same` for a crop that was there before.
   *
   * @throws Refusal where it can never be taken, and is a dead letter now; any other error means: try again
   */
  take(message: SentMessage): Promise<'stored' | 'same'>;
  /**
   * Puts a refused message through once more; its dead letter stays as it is.
   *
   * @throws Refusal where it is refused again
   */
  takeAgain(message: DeadLetter): Promise<'stored' | 'same'>;
  /** Reads all pictures of a run and notes what is damaged: before a receipt says that they are there. */
  readPictures(run: RunId): Promise<void>;
}
