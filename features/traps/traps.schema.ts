import { z } from 'zod';
import { after, count, extraFields, id, instant, limit, link, placed, time, trapIds } from '../http/index.js';
import { DEPLOYMENT, EXAMPLE_DEPLOYMENT, PLACE } from './deployments/deployments.schema.js';

export const TRAPS_QUERY = z.object({
  trap: trapIds().optional(),
  limit: limit(),
  after: after(z.tuple([placed.id])),
});
export const TRAP_PARAMS = z.object({ trapId: id() });
export const TELEMETRY_QUERY = z.object({
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
  after: after(z.tuple([placed.atMs])),
});
export type TrapsQuery = z.output<typeof TRAPS_QUERY>;
export type TrapParams = z.output<typeof TRAP_PARAMS>;
export type TelemetryQuery = z.output<typeof TELEMETRY_QUERY>;

export const TELEMETRY = z.strictObject({
  at: instant(),
  receivedAt: instant(),
  clockSuspect: z.boolean(),
  readings: extraFields(),
  suspect: z.array(z.string()).meta({
    description: 'Names of readings that are doubtful, such as 85 °C of a sensor that has not measured yet',
  }),
});

export const EXAMPLE_TELEMETRY: z.output<typeof TELEMETRY> = {
  at: '2026-06-01T08:00:00.000Z',
  receivedAt: '2026-06-01T08:00:00.400Z',
  clockSuspect: false,
  readings: { batteryPct: 80, temperatureC: 24.5 },
  suspect: [],
};

export const TRAP = z
  .strictObject({
    trapId: z.string(),
    name: z.string().nullable(),
    timeZone: z.string().nullable(),
    place: PLACE.nullable(),
    deployments: z.array(DEPLOYMENT).meta({ description: 'Where it stood, the newest first' }),
    notes: z.string().nullable().optional().meta({ description: 'Of editors, for editors only' }),
    state: z.enum(['online', 'sleeping', 'offline']).nullable(),
    stateAt: instant().nullable(),
    presence: z
      .strictObject({
        state: z.enum(['online', 'sleeping', 'offline', 'silent', 'never', 'removed']).meta({
          description:
            '`offline`: its connection ended within the hour. `silent`: it should have been heard by now. `never`: nothing has come from it. `removed`: it has no account any more',
        }),
        until: instant().nullable().meta({ description: 'When it wakes up, if it said so' }),
      })
      .meta({ description: 'Whether it does its work' }),
    firstSeenAt: instant(),
    lastMessageAt: instant().nullable(),
    device: extraFields().meta({ description: 'What it says of itself' }),
    telemetry: TELEMETRY.nullable().meta({ description: 'Its newest reading' }),
    counts: z.strictObject({ runs: count(), crops: count() }),
    links: z.strictObject({ self: link(), runs: link() }),
  })
  .meta({ id: 'Trap', description: 'One camera unit in the field' });

export const EXAMPLE_TRAP: z.output<typeof TRAP> = {
  trapId: 'meadow-1',
  name: 'Meadow',
  timeZone: 'Europe/Zurich',
  place: { latitude: 47.1, longitude: 8.5, exact: false },
  deployments: [EXAMPLE_DEPLOYMENT],
  state: 'online',
  stateAt: '2026-06-01T03:30:00.000Z',
  presence: { state: 'online', until: null },
  firstSeenAt: '2026-04-12T06:00:00.000Z',
  lastMessageAt: '2026-06-01T08:00:08.900Z',
  device: { software: 'insect-detect 2' },
  telemetry: EXAMPLE_TELEMETRY,
  counts: { runs: 8123, crops: 96_004 },
  links: { self: '/api/v1/traps/meadow-1', runs: '/api/v1/runs?trap=meadow-1' },
};
