import type { CropForStandards } from '../../../libs/catalog/index.js';
import type { Row } from '../exports/cells.js';
import type { ExportJob } from '../exports/export-job.js';
import { stamp } from '../exports/stamp.js';
import { cropTime, mediaId } from '../exports/visit-names.js';
import { isTimed, type Visit } from '../exports/visits.js';
import { licenceUrl } from './licence.js';
import { occurrenceId } from './occurrence-record.js';
import type { MultimediaColumn } from './terms.js';

/** Of thumbnails. */
const OPEN_PICTURE_TYPE = 'image/jpeg';

/**
 * One picture of a visit, at an address that opens for everybody.
 *
 * @returns undefined where there is none: an identifier that asks for a key is a dead link to whoever harvests it
 */
export function multimediaRecord(
  crop: CropForStandards,
  visit: Visit,
  job: ExportJob,
): Row<MultimediaColumn> | undefined {
  const { contributor, mediaLicence } = job.dataset;
  const identifier = job.openPictureUrl(crop);
  if (identifier === undefined || crop.removed_at !== null) return undefined;
  return {
    coreID: occurrenceId(visit, job),
    type: 'StillImage',
    format: OPEN_PICTURE_TYPE,
    identifier,
    title: mediaId(crop),
    created: isTimed(visit) ? stamp(cropTime(crop, visit).atMs) : undefined,
    creator: visit.run.trap_id,
    license: mediaLicence && licenceUrl(mediaLicence),
    rightsHolder: contributor,
  };
}
