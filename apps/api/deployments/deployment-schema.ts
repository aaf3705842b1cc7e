import { z } from 'zod';
import { instant, link } from '../view-fields.js';

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
