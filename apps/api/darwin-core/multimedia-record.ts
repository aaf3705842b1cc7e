import type { CropForStandards } from '../../../libs/catalog/index.js';
import { MEDIA_TYPE } from '../../../libs/images/index.js';
import type { Row } from '../exports/cells.js';
import type { ExportJob } from '../exports/export-job.js';
import { stamp } from '../exports/stamp.js';
import { cropTime, mediaId } from '../exports/visit-names.js';
import { isTimed, type Visit } from '../exports/visits.js';
import { licenceUrl } from './licence.js';
import { occurrenceId } from './occurrence-record.js';
import type { MultimediaColumn } from './terms.js';

/** One picture of a visit. Its address asks for a key. */
export function multimediaRecord(
  crop: CropForStandards,
  visit: Visit,
  job: ExportJob,
): Row<MultimediaColumn> {
  const { contributor, mediaLicence } = job.dataset;
  return {
    coreID: occurrenceId(visit, job),
    type: 'StillImage',
    format: MEDIA_TYPE[crop.format],
    identifier: job.pictureUrl(crop),
    title: mediaId(crop),
    created: isTimed(visit) ? stamp(cropTime(crop, visit).atMs) : undefined,
    creator: visit.run.trap_id,
    license: mediaLicence && licenceUrl(mediaLicence),
    rightsHolder: contributor,
  };
}
