import { z } from 'zod';
import { extraFields, instant } from './view-fields.js';

export const SESSION = z
  .strictObject({
    trapId: z.string(),
    sessionId: z.string(),
    start: instant().nullable(),
    end: instant().nullable(),
    offsetMin: z.int().nullable().meta({ description: "Minutes that the trap's clock was ahead of UTC" }),
    minutes: z
      .number()
      .nullable()
      .meta({ description: 'The effort: as the trap says, else from start to end' }),
    clockSuspect: z.boolean(),
    timeKnown: z.boolean().meta({ description: 'False: nobody knows when it took place' }),
    timeFrom: z
      .enum(['trap', 'person', 'session', 'neighbours', 'receipt'])
      .nullable()
      .meta({ description: 'Who says when it took place, as in a run' }),
    receivedAt: instant(),
    extra: extraFields(),
  })
  .meta({
    id: 'Session',
    description: 'One recording period of a trap; its minutes are the sampling effort',
  });

export const EXAMPLE_SESSION: z.output<typeof SESSION> = {
  trapId: 'meadow-1',
  sessionId: '20260601_053000',
  start: '2026-06-01T03:30:00.000Z',
  end: '2026-06-01T19:30:00.000Z',
  offsetMin: 120,
  minutes: 960,
  clockSuspect: false,
  timeKnown: true,
  timeFrom: 'trap',
  receivedAt: '2026-06-01T19:30:02.000Z',
  extra: { chargeStart: 81, chargeEnd: 64 },
};
