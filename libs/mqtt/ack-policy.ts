import { setMaxListeners } from 'node:events';
import { BACKOFF, type Backoff, retry } from '../async/index.js';
import type { Acknowledge, Message } from './message.js';

export interface AckPolicy {
  /** The work. Whatever it returns is awaited. */
  readonly handle: (message: Message) => unknown;
  /** True for errors that will be the same at every attempt: the message can never be right. */
  readonly isRejection: (error: unknown) => boolean;
  /** Commits the dead letter. When it fails, that is a failure of the infrastructure like any other. */
  readonly refuse: (message: Message, error: unknown) => Promise<void>;
  /** Aborted when the process closes: attempts that failed are not repeated any more. */
  readonly closing: AbortSignal;
  readonly backoff?: Backoff;
  readonly onRefused?: (message: Message, error: unknown) => void;
  readonly onRetry?: (message: Message, error: unknown, attempt: number, pauseMs: number) => void;
}

/**
 * Makes an `Acknowledge`: a rejection becomes a dead letter, everything else is retried indefinitely, because a full disk
 * or an unavailable database is not the message's fault.
 */
export function acknowledgeWith(policy: AckPolicy): Acknowledge {
  const { backoff = BACKOFF.message, closing } = policy;
  // Every message that waits listens to it.
  setMaxListeners(0, closing);

  return async (message) => {
    try {
      await retry(() => handleOrReject(policy, message), {
        backoff,
        onFailure: (...failure) => policy.onRetry?.(message, ...failure),
        signal: closing,
      });
      return true;
    } catch {
      return false; // The process closes.
    }
  };
}

async function handleOrReject(policy: AckPolicy, message: Message): Promise<void> {
  try {
    await policy.handle(message);
  } catch (error) {
    if (!policy.isRejection(error)) throw error;
    await policy.refuse(message, error);
    policy.onRefused?.(message, error);
  }
}
