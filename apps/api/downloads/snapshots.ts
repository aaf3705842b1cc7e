import { createHash } from 'node:crypto';
import { type Choice, chooseSnapshot } from './choose-snapshot.js';
import { Deliveries } from './deliveries.js';
import { type FillList, makeSnapshot } from './make-snapshot.js';
import { folderOf, readSnapshots, type Snapshot } from './snapshot.js';
import { makeRoom, SNAPSHOT_LIMITS, type SnapshotLimits } from './snapshot-room.js';
import { Turns } from './turns.js';
import type { Wanted } from './wanted.js';

/** What decides which snapshot a request may get: another caller or filter has others. */
export interface SnapshotKey {
  readonly what: string;
  /** `kind/name` of the caller. */
  readonly owner: string;
  /** Everything else that the content depends on. */
  readonly filter: unknown;
}

interface Making {
  readonly made: Promise<Snapshot>;
  readonly stop: AbortController;
  waiting: number;
}

const AT_ONCE = 2;

/** The snapshots of all downloads, in a folder that all processes share; all that is known of them stands there. */
export class Snapshots {
  readonly deliveries: Deliveries;
  private readonly making = new Map<string, Making>();
  private readonly turns = new Turns(AT_ONCE);

  constructor(
    private readonly root: string,
    private readonly limits: SnapshotLimits = SNAPSHOT_LIMITS,
    private readonly now: () => number = Date.now,
  ) {
    this.deliveries = new Deliveries(root, now);
  }

  folderOf(snapshot: Snapshot): string {
    return folderOf(this.root, snapshot);
  }

  /**
   * Finds the snapshot that a request means, or makes one. Those who ask for the same meanwhile wait for the same.
   *
   * @param left aborted when the client has gone away
   */
  async get(
    key: SnapshotKey,
    wanted: Wanted,
    fill: FillList,
    left: AbortSignal,
  ): Promise<Choice & { snapshot: Snapshot }> {
    const beginning = beginningOf(key);
    const choice = chooseSnapshot(await readSnapshots(this.root, beginning), wanted, this.now());
    const { snapshot = await this.make(key, beginning, fill, left), wholeOnly } = choice;
    return { snapshot, wholeOnly };
  }

  /** Removes what nobody has asked for for long. */
  async expire(): Promise<void> {
    await makeRoom(this.root, this.limits, (id) => this.deliveries.isUnderWay(id), this.now());
  }

  private async make(
    key: SnapshotKey,
    beginning: string,
    fill: FillList,
    left: AbortSignal,
  ): Promise<Snapshot> {
    left.throwIfAborted();
    const making = this.making.get(beginning) ?? this.begin(key, beginning, fill);
    making.waiting += 1;
    const leave = () => {
      making.waiting -= 1;
      if (making.waiting > 0) return;
      making.stop.abort();
      this.forget(beginning, making);
    };
    left.addEventListener('abort', leave, { once: true });
    return making.made.finally(() => left.removeEventListener('abort', leave));
  }

  private begin(key: SnapshotKey, beginning: string, fill: FillList): Making {
    const stop = new AbortController();
    const made = this.turns.take(key.owner, () => this.write(beginning, key.owner, fill, stop.signal));
    const making = { made, stop, waiting: 0 };
    this.making.set(beginning, making);
    const forget = () => this.forget(beginning, making);
    made.then(forget, forget);
    return making;
  }

  private forget(beginning: string, making: Making): void {
    if (this.making.get(beginning) === making) this.making.delete(beginning);
  }

  private async write(beginning: string, owner: string, fill: FillList, stopped: AbortSignal) {
    const { root, now } = this;
    const snapshot = await makeSnapshot({ root, beginning, owner, fill, stopped, now });
    // Nobody waits for it; what does not go now goes with the next one.
    this.expire().catch(() => {});
    return snapshot;
  }
}

const beginningOf = ({ what, owner, filter }: SnapshotKey): string =>
  `${createHash('sha256')
    .update(JSON.stringify([what, owner, filter]))
    .digest('hex')
    .slice(0, 24)}-`;
