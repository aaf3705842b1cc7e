import type { CropForStandards } from '../../../libs/catalog/index.js';
import { MEDIA_TYPE } from '../../../libs/images/index.js';
import type { Row } from '../exports/cells.js';
import { sentences } from '../exports/cells.js';
import { day, stamp } from '../exports/stamp.js';
import { cropTime, mediaId } from '../exports/visit-names.js';
import type { TimedVisit } from '../exports/visits.js';
import type { MediaColumn } from './standard.js';

export interface MediaFile {
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
    timestamp: stamp(atMs, offsetMin),
    filePath: file.path,
    filePublic: file.isInside,
    fileName: name,
    fileMediatype: MEDIA_TYPE[crop.format],
    mediaComments: sentences(
      !isOwn && 'The time is that of the visit: that of the picture is not known.',
      crop.removed_at !== null && `The picture was removed on ${day(crop.removed_at)}.`,
    ),
  };
}
