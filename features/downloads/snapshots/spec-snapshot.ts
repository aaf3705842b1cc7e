import type { Snapshot } from './snapshot.js';

/** A snapshot of 1,000 bytes that was made at 0 and that nobody has asked for. */
export const snapshot = (id: string, more: Partial<Snapshot> = {}): Snapshot => ({
  id,
  owner: 'key/office',
  madeAtMs: 0,
  usedAtMs: 0,
  length: 1000,
  digest: id,
  diskBytes: 100,
  awaited: 0,
  sentTo: 0,
  ...more,
});
