import { placeFor, uncertaintyFor } from '../../traps/index.js';
import { decimal, isoSeconds, joinSentences, offsetAt, oneLine, type Row, tags } from '../cells.js';
import { type ExportedDeployment, exportedTimes } from '../deployment-index.js';
import type { DeploymentColumn } from './descriptor.js';

/**
 * A place is required, and nothing stands for one that is not known: this circle holds all of the earth, so that the
 * row says nothing wrong.
 */
const ANYWHERE = { latitude: 0, longitude: 0, uncertaintyM: 20_037_509 };

/** @param exact whether the user may know exact places, and what else tells of one */
export function deploymentRecord(
  deployment: ExportedDeployment,
  nowMs: number,
  exact: boolean,
): Row<DeploymentColumn> {
  const { id, trap, stored } = deployment;
  const place = placeFor(exact, stored?.place);
  const { startMs, endMs, isRunning } = exportedTimes(deployment, nowMs);
  const timeZone = stored?.timeZone ?? trap.time_zone;
  return {
    deploymentID: id,
    locationID: stored?.locationId ?? id,
    locationName: oneLine(stored?.name ?? trap.name),
    latitude: decimal(place?.latitude ?? ANYWHERE.latitude),
    longitude: decimal(place?.longitude ?? ANYWHERE.longitude),
    coordinateUncertainty: place
      ? uncertaintyFor(exact, stored?.uncertaintyM ?? null)
      : ANYWHERE.uncertaintyM,
    deploymentStart: isoSeconds(startMs, offsetAt(startMs, timeZone)),
    deploymentEnd: isoSeconds(endMs, offsetAt(endMs, timeZone)),
    setupBy: exact ? oneLine(stored?.setUpBy) : undefined,
    cameraID: trap.trap_id,
    cameraModel: oneLine((JSON.parse(trap.info) as { camera?: string }).camera),
    cameraHeight: stored?.cameraHeightM,
    cameraTilt: stored?.cameraTiltDeg,
    cameraHeading: stored?.cameraHeadingDeg,
    // Visits of unknown time are in no table: what is there has no such issue.
    timestampIssues: false,
    baitUse: stored?.bait ?? undefined,
    habitat: oneLine(stored?.habitat),
    deploymentTags: tags({ timeZone }),
    deploymentComments: joinSentences(
      exact && oneLine(stored?.notes),
      isRunning && 'Still running when this was exported: the end is the time of the export.',
      !place && 'The place is not known: latitude and longitude stand for anywhere, as the uncertainty says.',
      deployment.leftOut > 0 &&
        `The trap's clock was wrong at times. ${deployment.leftOut} of its visits are left out: nobody knows when they were.`,
    ),
  };
}
