import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
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
  /** First pause between attempts; it doubles, with jitter, up to `longestPauseMs`. */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  readonly onRefused?: (message: Message, error: unknown) => void;
  readonly onRetry?: (message: Message, error: unknown, attempt: number, pauseMs: number) => void;
}

/**
 * Makes a `Settle`: a refusal becomes a dead letter, everything else is tried again without end, because a
 * full disk or a database that is away is no fault of the message.
 */
export function acknowledgeWith(settling: AckPolicy): Acknowledge {
  const { firstPauseMs = 100, longestPauseMs = 30_000, closing } = settling;
  // Every message that waits listens to it.
  setMaxListeners(0, closing);

  return async (message) => {
    for (let attempt = 1; ; attempt++) {
      const error = await attemptOnce(settling, message);
      if (error === undefined) return true;
      if (closing.aborted) return false;
      const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 30));
      // Jitter: messages that failed together must not knock together.
      const pauseMs = longest * (0.5 + Math.random() / 2);
      settling.onRetry?.(message, error.cause, attempt, pauseMs);
      await delay(pauseMs, undefined, { signal: closing }).catch(() => {});
      if (closing.aborted) return false;
    }
  };
}

// The thrown value is wrapped, because `undefined` can be thrown, too.
async function attemptOnce(settling: AckPolicy, message: Message): Promise<{ cause: unknown } | undefined> {
  try {
    await settling.handle(message);
    return undefined;
  } catch (error) {
    if (!settling.isRejection(error)) return { cause: error };
    try {
      await settling.refuse(message, error);
    } catch (cause) {
      return { cause };
    }
    settling.onRefused?.(message, error);
    return undefined;
  }
}
