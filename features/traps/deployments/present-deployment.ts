import type { Deployment } from '../../../libs/domain/index.js';
import { iso, isoOrNull, type Links } from '../../http/index.js';
import { placeFor, uncertaintyFor } from '../place.js';
import type { DeploymentView } from './deployments.schema.js';

/** A deployment, as much of it as the user may see. `knownSinceMs`: since when anything is known of the trap. */
export function presentDeployment(
  deployment: Deployment,
  knownSinceMs: number,
  exact: boolean,
  links: Links,
): DeploymentView {
  const { trapId, deploymentId, uncertaintyM, setUpBy, notes } = deployment;
  const place = placeFor(exact, deployment.place);
  return {
    trapId,
    deploymentId,
    start: isoOrNull(startOf(deployment, knownSinceMs)),
    end: isoOrNull(deployment.endMs),
    saidBy: deployment.source,
    place,
    uncertaintyM: place && uncertaintyFor(exact, uncertaintyM),
    timeZone: deployment.timeZone,
    name: deployment.name,
    locationId: deployment.locationId,
    // These may tell the place.
    ...(exact && { setUpBy, notes }),
    cameraHeightM: deployment.cameraHeightM,
    cameraTiltDeg: deployment.cameraTiltDeg,
    cameraHeadingDeg: deployment.cameraHeadingDeg,
    habitat: deployment.habitat,
    bait: deployment.bait,
    links: { self: links.deployment(trapId, deploymentId), trap: links.trap(trapId) },
  };
}

/** What began with the first message may have been shortened to before that: then its start is not known. */
const startOf = ({ startMs, endMs }: Deployment, knownSinceMs: number): number | null =>
  startMs ?? (endMs !== null && endMs <= knownSinceMs ? null : knownSinceMs);

/** Where a trap has spoken and nobody has said where it stands, it has one deployment all the same. */
export function presentImplied(trapId: string, knownSinceMs: number, links: Links): DeploymentView {
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
