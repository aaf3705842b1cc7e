import type { CropForStandards } from '../../../libs/catalog/index.js';
import { archiveName, type ListedFile, pictureToList } from '../../../libs/images/index.js';
import type { ExportJob } from '../exports/export-job.js';
import type { TimedVisit, Visit } from '../exports/visits.js';
import type { MediaFile } from './media-record.js';

const FOLDER = 'media';

export interface PackageJob extends ExportJob {
  /** Whether the pictures are part of the package. */
  readonly withMedia: boolean;
}

export interface VisitCrop {
  readonly visit: TimedVisit;
  readonly crop: CropForStandards;
}

/** A picture that was removed is in no package: its address remains, and its row says so. */
const isInside = ({ withMedia }: PackageJob, { removed_at }: CropForStandards): boolean =>
  withMedia && removed_at === null;

/**
 * Where a picture is found: in the package, or at its address. Where others cannot reach the service, there is no address:
 * then the path is the one that the picture has in a package with pictures.
 */
export function fileOf(job: PackageJob, visit: Visit, crop: CropForStandards): MediaFile {
  return isInside(job, crop)
    ? { path: pathInside(visit, crop), isInside: true }
    : { path: job.pictureUrl(crop) ?? pathInside(visit, crop), isInside: false };
}

/** As `images.zip` has it, in a folder. */
function pathInside({ run }: Visit, { trap_id, run_id, crop_id, format }: CropForStandards): string {
  return `${FOLDER}/${archiveName({ trapId: trap_id, runId: run_id, cropId: crop_id }, run.day, format)}`;
}

export function listed({ visit, crop }: VisitCrop): ListedFile[] {
  if (crop.removed_at !== null) return [];
  const { bytes, crc32, at_ms, received_at } = crop;
  const id = { trapId: crop.trap_id, runId: crop.run_id, cropId: crop.crop_id };
  const picture = pictureToList(id, visit.run.day, crop.format);
  return [{ name: pathInside(visit, crop), picture, bytes, crc32, atMs: at_ms ?? received_at }];
}
