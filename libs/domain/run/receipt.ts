/** A crop that was set aside for good, with the stable code of the reason. */
interface RejectedCrop {
  readonly crop: string;
  readonly code: string;
}

/** The service's answer to an `end`. Only `complete` allows the trap to delete the run. */
export interface Receipt {
  readonly state: 'incomplete' | 'complete' | 'rejected';
  /** How many distinct crops of the run are stored. */
  readonly have: number;
  /** Crop ids to send again, in the order of the manifest. */
  readonly missing: readonly string[];
  readonly rejected: readonly RejectedCrop[];
}

interface RunAccount {
  /** Crop ids that the `end` named; undefined if it had no manifest. */
  readonly manifest?: readonly string[] | undefined;
  /** False while other parts of the manifest are still to come. */
  readonly isManifestWhole?: boolean;
  /** The number of crops that the `end` announced. */
  readonly announced: number;
  readonly stored: Iterable<string>;
  /** Crops of this run among the dead letters. */
  readonly rejected: readonly RejectedCrop[];
}

/** These say that *other* bytes than the stored ones were refused, so they are told although the crop is stored. */
const TOLD_THOUGH_STORED: ReadonlySet<string> = new Set(['crop-conflict', 'hash-mismatch']);

/**
 * Answers an `end`: a run is complete when every crop is either stored or refused for good.
 *
 * A refused crop is listed under `rejected` and never under `missing`: the same bytes would be refused again,
 * and a trap that waits for a receipt must not send them for ever. A crop refused once and sent well later is
 * stored, and no longer listed. Without a manifest nothing can be named as missing, and the number announced
 * decides. With one, both must hold, so that a manifest that is too short never lets a crop be deleted unseen.
 */
export function receiptOf(run: RunAccount): Receipt {
  const stored = new Set(run.stored);
  const refused = new Set(run.rejected.map(({ crop }) => crop).filter((crop) => !stored.has(crop)));
  const missing = [...new Set(run.manifest)].filter((crop) => !stored.has(crop) && !refused.has(crop));
  const complete =
    run.isManifestWhole !== false && missing.length === 0 && stored.size + refused.size >= run.announced;
  return {
    state: complete ? 'complete' : 'incomplete',
    have: stored.size,
    missing,
    rejected: once(run.rejected).filter(
      ({ crop, code }) => !stored.has(crop) || TOLD_THOUGH_STORED.has(code),
    ),
  };
}

/** The answer when the run itself cannot be taken, for instance because its `end` is malformed. */
export function rejectedReceipt(have = 0): Receipt {
  return { state: 'rejected', have, missing: [], rejected: [] };
}

function once(rejected: readonly RejectedCrop[]): RejectedCrop[] {
  return [...new Map(rejected.map(({ crop, code }) => [`${crop}/${code}`, { crop, code }])).values()];
}
