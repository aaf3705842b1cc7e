import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FairSemaphore } from '../../../libs/async/index.js';
import { HOUR_MS } from '../../../libs/domain/index.js';
import { DownloadProgress } from '../download-progress.js';
import type { RangeRequest } from '../range-request.js';
import {
  type FillList,
  folderOf,
  makeSnapshot,
  readSnapshots,
  type Snapshot,
  UNFINISHED,
} from './snapshot.js';

/** What decides which snapshot a request may get: another caller or filter has others. */
interface SnapshotKey {
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
  readonly deliveries: DownloadProgress;
  private readonly making = new Map<string, Making>();
  private readonly turns = new Limiter(AT_ONCE);

  constructor(
    private readonly root: string,
    private readonly limits: SnapshotLimits = SNAPSHOT_LIMITS,
    private readonly now: () => number = Date.now,
  ) {
    this.deliveries = new DownloadProgress(root, now);
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
    wanted: RangeRequest,
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
    await makeSpace(this.root, this.limits, (id) => this.deliveries.isUnderWay(id), this.now());
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

/** A download that is begun again within this time gets the list of the first time, as `curl -C -` would. */
const FRESH_MS = 60 * 60 * 1000;

export const etagOf = ({ id }: Pick<Snapshot, 'id'>): string => `"${id}"`;

interface Choice {
  /** None: one must be made. */
  readonly snapshot: Snapshot | undefined;
  /** A part of it would be a part of something else than the client has: it gets all or nothing. */
  readonly wholeOnly: boolean;
}

/**
 * Which snapshot a request means. A plain `Range` does not say of which bytes the client has the first ones: those that
 * somebody has begun and not ended come first, and where two could be meant neither is given, because the parts of
 * two archives in one file would be worse than beginning again.
 *
 * @param known those of the same caller and filter, newest first
 */
export function chooseSnapshot(known: readonly Snapshot[], wanted: RangeRequest, nowMs: number): Choice {
  switch (wanted.is) {
    case 'whole':
      return { snapshot: fresh(known, nowMs), wholeOnly: false };
    case 'part':
      return { snapshot: known[0], wholeOnly: false };
    case 'tagged': {
      const named = known.find((snapshot) => etagOf(snapshot) === wanted.tag);
      return { snapshot: named ?? fresh(known, nowMs), wholeOnly: named === undefined };
    }
    case 'rest':
      return begunBy(known, wanted.from) ?? { snapshot: fresh(known, nowMs), wholeOnly: true };
  }
}

/** The snapshot of which a client can have the first `from` bytes. */
function begunBy(known: readonly Snapshot[], from: number): Choice | undefined {
  const possible = known.filter((snapshot) => snapshot.sentTo >= from);
  // It has all of it, and asks whether there is more.
  const whole = possible.find((snapshot) => snapshot.length === from);
  if (whole) return { snapshot: whole, wholeOnly: false };
  const awaited = possible.filter((snapshot) => snapshot.awaited > 0);
  if (awaited.length > 1) return undefined;
  const snapshot = awaited[0] ?? possible[0];
  return snapshot && { snapshot, wholeOnly: false };
}

/** One that nobody has got to its end, and that is young: whoever begins again wants no other list than before. */
function fresh([newest]: readonly Snapshot[], nowMs: number): Snapshot | undefined {
  if (!newest || nowMs - newest.madeAtMs > FRESH_MS) return undefined;
  return newest.awaited > 0 || newest.sentTo === 0 ? newest : undefined;
}

const MIB = 1024 * 1024;

interface SnapshotLimits {
  /** A snapshot that nobody has asked for so long goes. */
  readonly keepMs: number;
  /** Room for all of them together; the last one stays, however large. */
  readonly bytes: number;
  /** Snapshots of one key, and of all. */
  readonly ofOne: number;
  readonly ofAll: number;
}

/** A crop takes about 40 bytes in a list: this is room for 20 million. */
const SNAPSHOT_LIMITS: SnapshotLimits = {
  keepMs: 24 * HOUR_MS,
  bytes: 1024 * MIB,
  ofOne: 50,
  ofAll: 500,
};

/** Snapshots that must go, those first that nobody has used for longest. `inUse`: these stay. */
export function superfluous(
  snapshots: readonly Snapshot[],
  limits: SnapshotLimits,
  inUse: (id: string) => boolean,
  nowMs: number,
): Snapshot[] {
  const byUse = [...snapshots].sort((a, b) => b.usedAtMs - a.usedAtMs);
  const ofOwner = new Map<string, number>();
  let bytes = 0;
  let kept = 0;
  return byUse.filter((snapshot) => {
    const { id, owner, usedAtMs, diskBytes } = snapshot;
    const own = (ofOwner.get(owner) ?? 0) + 1;
    const isTooMuch = bytes + diskBytes > limits.bytes && kept > 0;
    const goes = nowMs - usedAtMs > limits.keepMs || own > limits.ofOne || kept >= limits.ofAll || isTooMuch;
    if (goes && !inUse(id)) return true;
    ofOwner.set(owner, own);
    bytes += diskBytes;
    kept += 1;
    return false;
  });
}

/** Removes what is superfluous, and what a process that was killed left unfinished. */
async function makeSpace(
  root: string,
  limits: SnapshotLimits,
  inUse: (id: string) => boolean,
  nowMs: number,
): Promise<void> {
  for (const snapshot of superfluous(await readSnapshots(root), limits, inUse, nowMs)) {
    await rm(folderOf(root, snapshot), { recursive: true, force: true });
  }
  for (const name of await readdir(root).catch(() => [])) {
    if (!name.startsWith(UNFINISHED)) continue;
    const path = join(root, name);
    const touchedMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? nowMs;
    if (nowMs - touchedMs > HOUR_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Lets a few work at once; the others wait for their turn. One owner has half of the places at most. */
class Limiter {
  private readonly places: FairSemaphore;

  constructor(atOnce: number) {
    this.places = new FairSemaphore(atOnce, { account: 1 / 2 });
  }

  async take<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const member = this.places.join(owner, '');
    await new Promise<void>((resolve) => member.acquire(1, resolve));
    try {
      return await work();
    } finally {
      member.release(1);
      member.leave();
    }
  }
}
