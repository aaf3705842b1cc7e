import type { CropForTable } from '../../../libs/catalog/index.js';
import { offsetMinAt, timeOrReceiptMs } from '../../../libs/domain/index.js';
import type { RunAround } from './around-run.js';

const MINUTE_MS = 60_000;

/**
 * Minutes that the trap's clock was ahead of UTC during a run: as its own times said, otherwise by the zone in which it
 * stood; 0 where neither is known.
 */
export function offsetMinOf({ run, trap, deployment }: RunAround): number {
  const zone = deployment?.time_zone ?? trap?.time_zone;
  return (
    run.start_offset_min ?? run.end_offset_min ?? (zone ? offsetMinAt(timeOrReceiptMs(run.at_ms), zone) : 0)
  );
}

/**
 * When a crop was taken. Where the trap did not say, the start of its run, and where that is unknown too, its receipt:
 * programs drop rows without a time, and with them votes.
 */
export const cropTimeMs = ({ run }: RunAround, crop: CropForTable): number =>
  crop.at_ms ?? run.start_ms ?? crop.received_at;

/**
 * The time that a picture has in an archive: where the trap did not say when it was taken, that of its run. It stands in
 * the list of the archive, so that what is learned later changes no download that was begun.
 */
export const entryTimeMs = (
  run: { readonly at_ms: number },
  crop: { readonly at_ms: number | null },
): number => crop.at_ms ?? timeOrReceiptMs(run.at_ms);

/**
 * What the clock of a trap showed, as Python's `isoformat` writes it. Always with six digits of a second: pandas reads
 * a column by its first cell, and takes those that are written otherwise for nothing.
 */
export const naiveTime = (utcMs: number, offsetMin: number): string =>
  `${new Date(utcMs + offsetMin * MINUTE_MS).toISOString().slice(0, -1)}000`;
