import { parseMessageOf, type ReceiptPayload } from '../../../libs/protocol/index.js';

type Waiting = (receipt: ReceiptPayload | undefined) => void;

/** Hands the service's receipts to those who wait for them. */
export class Receipts {
  private readonly waiting = new Map<string, Waiting>();

  /**
   * Waits for the receipt of a run.
   *
   * @returns undefined where none came in time, or where it can have been missed: say `end` again
   */
  wait(runId: string, limitMs: number): Promise<ReceiptPayload | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(undefined), limitMs);
      const settle: Waiting = (receipt) => {
        clearTimeout(timer);
        this.waiting.delete(runId);
        resolve(receipt);
      };
      this.waiting.set(runId, settle);
    });
  }

  /** A message has come; one that is no receipt is not for us. */
  take(topic: string, payload: Buffer): void {
    try {
      const receipt = parseMessageOf('receipt', topic, payload);
      this.waiting.get(receipt.runId)?.(receipt.payload);
    } catch {
      // The service says what it says in another version: `end` goes out again when the time is over.
    }
  }

  /** The connection was away: the broker keeps nothing for those who are not there. */
  missed(): void {
    for (const settle of [...this.waiting.values()]) settle(undefined);
  }
}
