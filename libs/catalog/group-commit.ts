export interface GroupCommitOptions<Item, Outcome> {
  /** Commits all items in one transaction and answers one outcome each, in their order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  readonly bytesOf: (item: Item) => number;
  /** How long the first item of a group waits for others. */
  readonly gatherMs: number;
  readonly maxItems: number;
  readonly maxBytes: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One sync for many: items that arrive together are committed together, and each caller learns of its own outcome
 * only after that commit. One commit runs at a time; what arrives meanwhile makes the next group.
 */
export class GroupCommit<Item, Outcome> {
  private waiting: Waiting<Item, Outcome>[] = [];
  private waitingBytes = 0;
  private timer?: NodeJS.Timeout;
  private committing = false;

  constructor(private readonly options: GroupCommitOptions<Item, Outcome>) {}

  /** Resolves once the item is durable; rejects where the commit failed and it may be tried again. */
  add(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.waitingBytes += this.options.bytesOf(item);
      if (this.isFull()) this.commitNow();
      else this.timer ??= setTimeout(() => this.commitNow(), this.options.gatherMs);
    });
  }

  private isFull(): boolean {
    return this.waiting.length >= this.options.maxItems || this.waitingBytes >= this.options.maxBytes;
  }

  private commitNow(): void {
    if (this.committing || !this.waiting.length) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.committing = true;
    void this.settle(this.takeGroup()).finally(() => {
      this.committing = false;
      if (this.isFull()) this.commitNow();
      else if (this.waiting.length) this.timer ??= setTimeout(() => this.commitNow(), this.options.gatherMs);
    });
  }

  private takeGroup(): Waiting<Item, Outcome>[] {
    const group: Waiting<Item, Outcome>[] = [];
    let bytes = 0;
    while (
      this.waiting.length &&
      group.length < this.options.maxItems &&
      (bytes < this.options.maxBytes || !group.length)
    ) {
      const next = this.waiting.shift() as Waiting<Item, Outcome>;
      bytes += this.options.bytesOf(next.item);
      group.push(next);
    }
    this.waitingBytes -= bytes;
    return group;
  }

  private async settle(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.options.commit(group.map((waiting) => waiting.item));
      group.forEach((waiting, i) => {
        waiting.resolve(outcomes[i] as Outcome);
      });
    } catch (error) {
      // One item that the database refuses must not hold up its neighbours: each has a commit of its own now.
      if (group.length === 1) group[0]?.reject(error);
      else for (const waiting of group) await this.settle([waiting]);
    }
  }
}
