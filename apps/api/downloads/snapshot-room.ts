import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOf, readSnapshots, type Snapshot, UNFINISHED } from './snapshot.js';

const HOUR_MS = 60 * 60 * 1000;
const MIB = 1024 * 1024;

export interface SnapshotLimits {
  /** A snapshot that nobody has asked for so long goes. */
  readonly keepMs: number;
  /** Room for all of them together; the last one stays, however large. */
  readonly bytes: number;
  /** Snapshots of one key, and of all. */
  readonly ofOne: number;
  readonly ofAll: number;
}

/** A crop takes about 40 bytes in a list: this is room for 20 million. */
export const SNAPSHOT_LIMITS: SnapshotLimits = {
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
export async function makeRoom(
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
