export interface GroupCommitOptions<Item, Outcome> {
  /** Commits all items in one transaction and answers one outcome each, in their order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** Default: the bytes of a group do not matter. */
  readonly bytesOf?: (item: Item) => number;
  /** How long the first item of a group waits for others. */
  readonly gatherMs: number;
  readonly maxItems: number;
  readonly maxBytes?: number;
}

/** So many failures in a row are not the items' fault: the rest of the group need not try. */
const FAILURES_IN_A_ROW = 3;

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
  /** What waits must not wait for more. */
  private isUrgent = false;

  constructor(private readonly options: GroupCommitOptions<Item, Outcome>) {}

  /** Resolves once the item is durable; rejects where the commit failed and it may be tried again. */
  add(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.waitingBytes += this.bytesOf(item);
      this.schedule();
    });
  }

  /** Waits for no more items: what is there is committed now, or else when the commit that runs has ended. */
  flush(): void {
    this.isUrgent = this.waiting.length > 0;
    this.schedule();
  }

  /** While a commit runs no clock does: what waits then is looked at when it ends. */
  private schedule(): void {
    if (this.committing || !this.waiting.length) return;
    if (this.isUrgent || this.isFull()) this.commitNow();
    else this.timer ??= setTimeout(() => this.commitNow(), this.options.gatherMs);
  }

  private isFull(): boolean {
    return this.waiting.length >= this.options.maxItems || this.waitingBytes >= this.maxBytes;
  }

  private commitNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.committing = true;
    void this.settle(this.takeGroup()).finally(() => {
      this.committing = false;
      this.schedule();
    });
  }

  private bytesOf(item: Item): number {
    return this.options.bytesOf?.(item) ?? 0;
  }

  private get maxBytes(): number {
    return this.options.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  private takeGroup(): Waiting<Item, Outcome>[] {
    const group: Waiting<Item, Outcome>[] = [];
    let bytes = 0;
    while (
      this.waiting.length &&
      group.length < this.options.maxItems &&
      (bytes < this.maxBytes || !group.length)
    ) {
      const next = this.waiting.shift() as Waiting<Item, Outcome>;
      bytes += this.bytesOf(next.item);
      group.push(next);
    }
    this.waitingBytes -= bytes;
    this.isUrgent &&= this.waiting.length > 0;
    return group;
  }

  private async settle(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.options.commit(group.map((waiting) => waiting.item));
      group.forEach((waiting, i) => {
        waiting.resolve(outcomes[i] as Outcome);
      });
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else await this.settleOneByOne(group);
    }
  }

  /** One item that the database refuses must not hold up its neighbours: each has a commit of its own now. */
  private async settleOneByOne(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    let failures = 0;
    let last: unknown;
    for (const waiting of group) {
      if (failures === FAILURES_IN_A_ROW) {
        waiting.reject(last);
        continue;
      }
      try {
        const [outcome] = await this.options.commit([waiting.item]);
        waiting.resolve(outcome as Outcome);
        failures = 0;
      } catch (error) {
        waiting.reject(error);
        last = error;
        failures += 1;
      }
    }
  }
}
