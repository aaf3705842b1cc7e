import { iso, isoOrNull, type Links } from '../http/index.js';
import type { DeploymentRow } from './deployments.repository.js';
import type { DeploymentView } from './deployments.schema.js';
import { placeFor, uncertaintyFor } from './place.js';

/** A deployment, as much of it as the user may see. `knownSinceMs`: since when anything is known of the trap. */
export function deploymentView(
  row: DeploymentRow,
  knownSinceMs: number,
  exact: boolean,
  links: Links,
): DeploymentView {
  const { trap_id: trapId, deployment_id: deploymentId } = row;
  const place = placeFor(exact, row.latitude, row.longitude);
  return {
    trapId,
    deploymentId,
    start: isoOrNull(startOf(row, knownSinceMs)),
    end: isoOrNull(row.end_ms),
    saidBy: row.said_by,
    place,
    uncertaintyM: place && uncertaintyFor(exact, row.uncertainty_m),
    timeZone: row.time_zone,
    name: row.name,
    locationId: row.location_id,
    // Whoever may not know the place must not read it here.
    ...(exact && { setUpBy: row.set_up_by, notes: row.notes }),
    cameraHeightM: row.camera_height_m,
    cameraTiltDeg: row.camera_tilt_deg,
    cameraHeadingDeg: row.camera_heading_deg,
    habitat: row.habitat,
    bait: row.bait === null ? null : row.bait === 1,
    links: { self: links.deployment(trapId, deploymentId), trap: links.trap(trapId) },
  };
}

/** What began with the first message may have been shortened to before that: then nobody knows when it began. */
const startOf = ({ start_ms, end_ms }: DeploymentRow, knownSinceMs: number): number | null =>
  start_ms ?? (end_ms !== null && end_ms <= knownSinceMs ? null : knownSinceMs);

/** Where a trap has spoken and nobody has said where it stands, it has one deployment all the same. */
export function impliedView(trapId: string, knownSinceMs: number, links: Links): DeploymentView {
  return {
    trapId,
    deploymentId: null,
    start: iso(knownSinceMs),
    end: null,
    saidBy: 'nobody',
    place: null,
    uncertaintyM: null,
    timeZone: null,
    name: null,
    locationId: null,
    cameraHeightM: null,
    cameraTiltDeg: null,
    cameraHeadingDeg: null,
    habitat: null,
    bait: null,
    links: { self: null, trap: links.trap(trapId) },
  };
}
