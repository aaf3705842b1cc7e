import { FairSemaphore } from '../../libs/async/index.js';
import type { Message } from '../../libs/mqtt/index.js';

/** Of all traps together; they wait for one database anyhow, which commits what comes together at once. */
const AT_ONCE = 16;
/** Of one sender. */
const OF_ONE = 4;

/**
 * Turns for all messages but crops, which are committed in groups. Each sender has few at a time, and between two turns
 * the process gets to do other things: a flood of small messages or of bad ones must not stand before the
 * messages of others at the database.
 */
export class MessageTurns {
  private readonly turns = new FairSemaphore(AT_ONCE, { account: OF_ONE / AT_ONCE });

  async take<T>({ client, parsed }: Pick<Message, 'client' | 'parsed'>, work: () => Promise<T>): Promise<T> {
    // Behind another broker nobody knows the sender; there it holds traps to their own topics.
    const member = this.turns.join(client ?? parsed.ids.trapId ?? '', '');
    await new Promise<void>((resolve) => member.acquire(1, resolve));
    try {
      return await work();
    } finally {
      setImmediate(() => {
        member.release(1);
        member.leave();
      });
    }
  }
}
