import { MINUTE_MS, offsetMinAt, timeOrReceiptMs, withMicros } from '../../../libs/domain/index.js';
import type { CropForTable } from '../../crops/index.js';
import { iso } from '../../http/index.js';
import type { RunAround } from './run-context.js';

/**
 * Minutes that the trap's clock was ahead of UTC during a run: as its own times said, otherwise by the zone in which it
 * stood; 0 where neither is known.
 */
export function offsetMinOf({ run, trap, deployment }: RunAround): number {
  const zone = deployment?.timeZone ?? trap?.time_zone;
  return (
    run.startOffsetMin ?? run.endOffsetMin ?? (zone ? offsetMinAt(timeOrReceiptMs(run.placeMs), zone) : 0)
  );
}

/**
 * When a crop was taken. Where the trap did not say, the start of its run, and where that is unknown too, its receipt:
 * programs drop rows without a time, and with them votes.
 *
 * @param at of the manifest, as the trap sent it
 * @returns milliseconds since 1970, with a fraction where the trap sent microseconds
 */
export function cropTimeMs({ run }: RunAround, crop: CropForTable, at: unknown): number {
  if (crop.at_ms !== null) return withMicros(crop.at_ms, at);
  return run.startMs === null ? crop.received_at : withMicros(run.startMs, run.startSent);
}

/**
 * The time that a picture has in an archive: where the trap did not say when it was taken, that of its run. It stands in
 * the list of the archive, so that what is learned later changes no download that was begun.
 */
export const entryTimeMs = (
  run: { readonly placeMs: number },
  crop: { readonly at_ms: number | null },
): number => crop.at_ms ?? timeOrReceiptMs(run.placeMs);

/** What the clock of a trap showed, in ISO 8601 without a zone. */
export const wallTime = (utcMs: number, offsetMin: number): string =>
  iso(utcMs + offsetMin * MINUTE_MS).slice(0, -1);

/**
 * What the clock of a trap showed, as Python's `isoformat` writes it. Always with six digits of a second: pandas reads
 * a column by its first cell, and takes those that are written otherwise for nothing.
 */
export const naiveTime = (utcMs: number, offsetMin: number): string =>
  wallTime(utcMs, offsetMin).replace(/\.\d{3}$/, '$&000');
