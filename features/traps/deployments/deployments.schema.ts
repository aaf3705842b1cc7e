import { z } from 'zod';
import { canonicalZone, type Deployment } from '../../../libs/domain/index.js';
import { id, instant, link, onlyTheseFields, time } from '../../http/index.js';

export const PLACE = z
  .strictObject({
    latitude: z.number(),
    longitude: z.number(),
    exact: z.boolean().meta({ description: 'False: rounded to 0.1 degree' }),
  })
  .meta({ id: 'Place', description: 'Degrees, WGS 84; exact for editors only' });

export const DEPLOYMENT = z
  .strictObject({
    trapId: z.string(),
    deploymentId: z
      .string()
      .nullable()
      .meta({ description: 'Null where nobody has said where the trap stands' }),
    start: instant()
      .nullable()
      .meta({ description: 'From here on; null: for all that was before its end, and that came later' }),
    end: instant().nullable().meta({ description: 'Until before this; null: it still stands there' }),
    saidBy: z.enum(['trap', 'editor', 'nobody']),
    place: PLACE.nullable(),
    uncertaintyM: z.int().nullable().meta({
      description: 'Metres around the place within which the trap stands; with the rounding of the place',
    }),
    timeZone: z.string().nullable(),
    name: z.string().nullable(),
    locationId: z.string().nullable().meta({ description: 'The same for all deployments at the same place' }),
    setUpBy: z.string().nullable().optional().meta({ description: 'For editors only' }),
    cameraHeightM: z.number().nullable(),
    cameraTiltDeg: z.int().nullable().meta({ description: '-90 looks down, 0 ahead, 90 up' }),
    cameraHeadingDeg: z.int().nullable().meta({ description: 'Clockwise from north' }),
    habitat: z.string().nullable(),
    bait: z.boolean().nullable(),
    notes: z.string().nullable().optional().meta({ description: 'For editors only' }),
    links: z.strictObject({ self: link().nullable(), trap: link() }),
  })
  .meta({ id: 'Deployment', description: 'A trap at one place, from a start to an end' });

export type DeploymentView = z.output<typeof DEPLOYMENT>;

export const EXAMPLE_DEPLOYMENT: DeploymentView = {
  trapId: 'meadow-1',
  deploymentId: 'spring-2026',
  start: '2026-04-12T06:00:00.000Z',
  end: null,
  saidBy: 'editor',
  place: { latitude: 47.12345, longitude: 8.54321, exact: true },
  uncertaintyM: 10,
  timeZone: 'Europe/Zurich',
  name: 'Meadow by the mill',
  locationId: 'mill-meadow',
  setUpBy: 'R. Muster',
  cameraHeightM: 0.6,
  cameraTiltDeg: -90,
  cameraHeadingDeg: null,
  habitat: 'extensive meadow',
  bait: false,
  notes: null,
  links: { self: '/api/v1/traps/meadow-1/deployments/spring-2026', trap: '/api/v1/traps/meadow-1' },
};

const LONGEST_NOTE = 4000;
const LONGEST_LINE = 200;

/** A text of one line. */
export function line() {
  const error = `must be a text of 1 to ${LONGEST_LINE} characters in one line`;
  return z.string({ error }).regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { error });
}

/** A text of several lines. */
export function note() {
  const error = `must be a text of 1 to ${LONGEST_NOTE} characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(LONGEST_NOTE, { error })
    .regex(/^[^\p{Cs}\0]*$/u, { error });
}

export function timeZone() {
  const error = 'must be an IANA time zone such as Europe/Berlin';
  return z
    .string({ error })
    .refine((text) => canonicalZone(text) !== undefined, { error })
    .overwrite((text) => canonicalZone(text) ?? text);
}

function numberFrom(min: number, max: number) {
  const error = `must be a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

function wholeFrom(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

const yesNo = () => z.boolean({ error: 'must be true or false' });

/** Half of the earth's circumference: nothing is farther away. */
const FARTHEST_M = 20_037_509;

/** Degrees, WGS 84. */
export const place = () =>
  onlyTheseFields({
    latitude: numberFrom(-90, 90),
    longitude: numberFrom(-180, 180),
    uncertaintyM: wholeFrom(1, FARTHEST_M).optional(),
  });

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

/** The deployment that an editor describes so. */
export const deploymentFrom = (trapId: string, deploymentId: string, body: DeploymentBody): Deployment => ({
  trapId,
  deploymentId,
  startMs: body.start,
  endMs: body.end ?? null,
  source: 'editor',
  name: body.name ?? null,
  locationId: body.locationId ?? null,
  place: body.place ? { latitude: body.place.latitude, longitude: body.place.longitude } : null,
  uncertaintyM: body.place?.uncertaintyM ?? null,
  timeZone: body.timeZone ?? null,
  setUpBy: body.setUpBy ?? null,
  cameraHeightM: body.cameraHeightM ?? null,
  cameraTiltDeg: body.cameraTiltDeg ?? null,
  cameraHeadingDeg: body.cameraHeadingDeg ?? null,
  habitat: body.habitat ?? null,
  bait: body.bait ?? null,
  notes: body.notes ?? null,
});

export const DEPLOYMENT_PARAMS = z.object({ trapId: id(), deploymentId: id() });
export type DeploymentParams = z.output<typeof DEPLOYMENT_PARAMS>;
