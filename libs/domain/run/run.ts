import type { TimeFrom } from '../deployment/session.js';
import type { ModelObservation } from '../observation/observation.js';
import type { RunId } from './ids.js';

/** One insect that a trap followed. All times are in milliseconds since 1970, UTC. */
export interface Run extends RunId {
  /** `yyyy-mm-dd`: names the folder of the run's images, and stays as it is from the first crop on. */
  readonly day: string;
  readonly sessionId: string | null;
  readonly trackId: string | null;
  readonly startMs: number | null;
  /** Minutes that the trap's clock was ahead of UTC. */
  readonly startOffsetMin: number | null;
  /** As the trap sent it. */
  readonly startSent: string | null;
  readonly endMs: number | null;
  readonly endOffsetMin: number | null;
  readonly endSent: string | null;
  /** The clock that gave these times cannot be right; stays true when the true time becomes known. */
  readonly clockSuspect: boolean;
  /** Added to all times that the trap sent of the run and its detections; null = its clock is believed. */
  readonly clockShiftMs: number | null;
  /** Where the true time comes from; null = from the trap's clock. */
  readonly timeFrom: TimeFrom | null;
  /** Seconds, as the trap reported them. */
  readonly durationS: number | null;
  /** When the visit took place, for sorting; see `placeInTime`. */
  readonly placeMs: number;
  readonly announcedCrops: number | null;
  /** The manifest comes in so many `end`s; null where it comes in one. */
  readonly manifestParts: number | null;
  readonly endStatus: 'complete' | 'aborted' | null;
  readonly endReceivedAtMs: number | null;
  /** Fields of `meta` and `end` that the contract does not name. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly storedCrops: number;
  readonly storedBytes: number;
  readonly firstReceivedAtMs: number;
  readonly lastReceivedAtMs: number;
  readonly state: 'open' | 'complete';
  readonly completeBecause: 'all-crops' | 'silent-after-end' | 'silent' | null;
  readonly completedAtMs: number | null;
  /** When an open run must be evaluated again. */
  readonly decideAtMs: number | null;
  readonly receiptDueAtMs: number | null;
  readonly receiptState: 'incomplete' | 'complete' | null;
  /** The model of the observation that counts; null = not classified yet. */
  readonly model: string | null;
  /** The verdict that counts: of that observation, or of the people who have reviewed it. */
  readonly label: string | null;
  readonly taxon: string | null;
  readonly rank: string | null;
  readonly group: string | null;
  /** In [0, 1]. */
  readonly probability: number | null;
  readonly insect: boolean | null;
  readonly unsure: boolean | null;
  /** A person's verdict stands; the observations keep what the models said. */
  readonly reviewed: boolean;
  /** Grows with every change of the verdict. */
  readonly revision: number;
  /** When the pictures that it had by then were last removed for good; a late crop may have brought another one. */
  readonly removedAtMs: number | null;
  /** `zone_revision` of the trap when its times were read; null where each came with a zone of its own. */
  readonly zoneRevision: number | null;
}

/** A run with the observation of the model that counts for it; null until it is classified. */
export interface ObservedRun extends Run {
  readonly observation: ModelObservation | null;
}
