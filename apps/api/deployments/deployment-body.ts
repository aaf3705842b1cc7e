import type { Insertable } from 'kysely';
import { z } from 'zod';
import type { DeploymentsTable } from '../../../libs/catalog/index.js';
import { id, onlyTheseFields, time } from '../parameters.js';
import { line, note, numberFrom, place, timeZone, wholeFrom, yesNo } from './body-fields.js';

const HIGHEST_M = 10_000;

/** All that an editor says of a deployment: what is left out is not known. */
export const DEPLOYMENT_BODY = onlyTheseFields({
  start: time(),
  end: time().nullish(),
  place: place().nullish(),
  timeZone: timeZone().nullish(),
  name: line().nullish(),
  locationId: id().nullish(),
  setUpBy: line().nullish(),
  cameraHeightM: numberFrom(0, HIGHEST_M).nullish(),
  cameraTiltDeg: wholeFrom(-90, 90).nullish(),
  cameraHeadingDeg: wholeFrom(0, 360).nullish(),
  habitat: line().nullish(),
  bait: yesNo().nullish(),
  notes: note().nullish(),
}).refine(({ start, end }) => end === undefined || end === null || end > start, {
  path: ['end'],
  error: 'must be later than start',
});
export type DeploymentBody = z.output<typeof DEPLOYMENT_BODY>;

export const EXAMPLE_BODY: z.input<typeof DEPLOYMENT_BODY> = {
  start: '2026-04-12T08:00:00+02:00',
  place: { latitude: 47.12345, longitude: 8.54321, uncertaintyM: 10 },
  timeZone: 'Europe/Zurich',
  name: 'Meadow by the mill',
  locationId: 'mill-meadow',
  cameraHeightM: 0.6,
  cameraTiltDeg: -90,
  habitat: 'extensive meadow',
  bait: false,
};

export function deploymentRow(
  trapId: string,
  deploymentId: string,
  body: DeploymentBody,
): Insertable<DeploymentsTable> & { start_ms: number; end_ms: number | null } {
  return {
    trap_id: trapId,
    deployment_id: deploymentId,
    start_ms: body.start,
    end_ms: body.end ?? null,
    said_by: 'editor',
    name: body.name ?? null,
    location_id: body.locationId ?? null,
    latitude: body.place?.latitude ?? null,
    longitude: body.place?.longitude ?? null,
    uncertainty_m: body.place?.uncertaintyM ?? null,
    time_zone: body.timeZone ?? null,
    set_up_by: body.setUpBy ?? null,
    camera_height_m: body.cameraHeightM ?? null,
    camera_tilt_deg: body.cameraTiltDeg ?? null,
    camera_heading_deg: body.cameraHeadingDeg ?? null,
    habitat: body.habitat ?? null,
    bait: body.bait === undefined || body.bait === null ? null : body.bait ? 1 : 0,
    notes: body.notes ?? null,
  };
}
