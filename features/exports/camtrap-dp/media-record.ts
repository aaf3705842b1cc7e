import { archiveName, type ListedFile, MEDIA_TYPE, pictureToList } from '../../../libs/store/index.js';
import { day, isoSeconds, joinSentences, type Row } from '../cells.js';
import type { ExportJob } from '../export-jobs.js';
import type { CropForStandards } from '../exports.repository.js';
import { cropTime, mediaId, type TimedVisit, type Visit } from '../visits.js';
import type { MediaColumn } from './descriptor.js';

interface MediaFile {
  /** A relative path where the picture is part of the package, a URL otherwise. */
  readonly path: string;
  /** A URL asks for a key; what lies in the package is for everyone who has it. */
  readonly isInside: boolean;
}

export function mediaRecord(crop: CropForStandards, visit: TimedVisit, file: MediaFile): Row<MediaColumn> {
  const { atMs, offsetMin, isOwn } = cropTime(crop, visit);
  const name = `${crop.crop_id}.${crop.format}`;
  return {
    mediaID: mediaId(crop),
    deploymentID: visit.deployment.id,
    captureMethod: 'activityDetection',
    timestamp: isoSeconds(atMs, offsetMin),
    filePath: file.path,
    filePublic: file.isInside,
    fileName: name,
    fileMediatype: MEDIA_TYPE[crop.format],
    mediaComments: joinSentences(
      !isOwn && 'The time is that of the visit: that of the picture is not known.',
      crop.removed_at !== null && `The picture was removed on ${day(crop.removed_at)}.`,
    ),
  };
}

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
