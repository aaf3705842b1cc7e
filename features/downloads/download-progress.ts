import type { ByteRange } from '../http/index.js';
import type { RangeRequest } from './range-request.js';
import { folderOf, readSnapshot, type Snapshot, writeSnapshot } from './snapshots/snapshot.js';

interface InProgress {
  clients: number;
  /** What a client can have, as far as it is over. */
  sentTo: number;
}

/**
 * Notes how much of which snapshot went out, so that a plain `curl -C -` finds the one that it has begun. While a
 * delivery is under way a client may have all of it: a process that is killed then has said nothing wrong.
 */
export class DownloadProgress {
  private readonly underWay = new Map<string, InProgress>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly root: string,
    private readonly now: () => number,
  ) {}

  isUnderWay(id: string): boolean {
    return this.underWay.has(id);
  }

  /**
   * The bytes of a snapshot as they come; that they went out is noted. The end is noted before its last bytes are handed
   * over: a client that has them may ask again before anybody here hears that it has.
   *
   * @param bytes those from `start` to `end`, both included
   */
  async *noted(
    snapshot: Snapshot,
    wanted: RangeRequest,
    { start, end }: ByteRange,
    bytes: AsyncIterable<Buffer>,
  ): AsyncGenerator<Buffer> {
    let over: ((reached: number) => Promise<void>) | undefined = await this.begin(snapshot, wanted);
    let reached = start;
    const note = async () => {
      const once = over;
      over = undefined;
      await once?.(reached);
    };
    try {
      for await (const chunk of bytes) {
        reached += chunk.length;
        if (reached > end) await note();
        yield chunk;
      }
    } finally {
      await note();
    }
  }

  /** @returns to be called once, with the byte behind the last one that went out */
  async begin({ id }: Snapshot, wanted: RangeRequest): Promise<(reached: number) => Promise<void>> {
    const before = this.underWay.get(id);
    const current = before ?? { clients: 0, sentTo: 0 };
    current.clients += 1;
    this.underWay.set(id, current);
    await this.change(id, (state) => {
      if (!before) current.sentTo = Math.max(current.sentTo, state.sentTo);
      return {
        ...state,
        sentTo: state.length,
        awaited: awaitedAfterBegin(state, wanted, before !== undefined),
      };
    });
    return (reached) => this.end(id, current, wanted, reached);
  }

  private async end(id: string, current: InProgress, wanted: RangeRequest, reached: number): Promise<void> {
    current.sentTo = Math.max(current.sentTo, reached);
    current.clients -= 1;
    const isLast = current.clients === 0;
    if (isLast) this.underWay.delete(id);
    await this.change(id, (state) => {
      const gotTheEnd = wanted.is !== 'part' && reached === state.length;
      const awaited = Math.max(0, state.awaited - (gotTheEnd ? 1 : 0));
      return { ...state, awaited, sentTo: isLast ? current.sentTo : state.sentTo };
    });
  }

  /** One after the other: two changes of the same file at once would lose one. */
  private change(id: string, next: (state: Snapshot) => Snapshot): Promise<void> {
    const changed = this.turn.then(async () => {
      const state = await readSnapshot(this.root, id);
      if (state) await writeSnapshot(folderOf(this.root, { id }), { ...next(state), usedAtMs: this.now() });
    });
    this.turn = changed.catch(() => {});
    return changed;
  }
}

/** Who begins again while nobody is under way is taken for the one who broke off: it is awaited once, not twice. */
function awaitedAfterBegin(state: Snapshot, wanted: RangeRequest, othersAreUnderWay: boolean): number {
  if (wanted.is !== 'whole') return state.awaited;
  return othersAreUnderWay ? state.awaited + 1 : Math.max(1, state.awaited);
}
