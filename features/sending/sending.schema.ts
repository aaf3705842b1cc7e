import { z } from 'zod';
import { ID_PATTERN } from '../../libs/domain/index.js';

/**
 * Ids as they come: a wrong one is refused by whoever takes the message, so that its bytes are kept as they are over
 * MQTT.
 */
const sentId = (description: string, example: string) =>
  z.string().meta({
    wire: { type: 'string', pattern: ID_PATTERN.source, maxLength: 64, description, examples: [example] },
  });

const trapId = sentId('The trap that sends', 'meadow-1');
const runId = sentId('Unique for this trap, for ever', '20260601T120000-12-7');

export const SENT_TRAP = z.object({ trapId });
export const SENT_RUN = z.object({ trapId, runId });
export const SENT_CROP = z.object({ trapId, runId, cropId: sentId('Sorts in time order', '0001') });
export const SENT_SESSION = z.object({
  trapId,
  sessionId: sentId('One recording period', '20260601T120000-12'),
});

const link = z.string();
export const TAKEN_RUN = z
  .strictObject({
    trapId: z.string(),
    runId: z.string(),
    links: z.strictObject({ self: link, end: link, receipt: link }),
  })
  .meta({ id: 'TakenRun' });

export const TAKEN_CROP = z
  .strictObject({
    trapId: z.string(),
    runId: z.string(),
    cropId: z.string(),
    bytes: z.number().int().meta({ description: 'How many are stored' }),
    sha256: z.string().meta({ description: 'Of the bytes that are stored' }),
    links: z.strictObject({ self: link }),
  })
  .meta({ id: 'TakenCrop' });

export const RECEIPT = z
  .object({
    v: z.literal(1),
    state: z.enum(['incomplete', 'complete', 'rejected']).meta({
      description: 'Only `complete` allows the trap to delete the run',
    }),
    have: z.number().int(),
    missing: z.array(z.string()).meta({ description: 'Send these again, and then `end`' }),
    rejected: z.array(z.strictObject({ crop: z.string(), code: z.string() })),
    missingTotal: z.number().int().optional(),
    rejectedTotal: z.number().int().optional(),
    at: z.string(),
  })
  .meta({ id: 'Receipt' });

export const EXAMPLE_META = { v: 1, start: '2026-06-01T12:00:00', durationS: 7.5, trackId: 7, crops: 2 };
export const EXAMPLE_END = {
  v: 1,
  status: 'complete',
  end: '2026-06-01T12:00:07.5',
  crops: 2,
  manifest: [{ crop: '0001' }, { crop: '0002', confidence: 0.8, box: [0.1, 0.2, 0.3, 0.4] }],
};
export const EXAMPLE_SESSION = {
  v: 1,
  start: '2026-06-01T12:00:00',
  end: '2026-06-01T12:40:00',
  minutes: 40,
};
export const EXAMPLE_TELEMETRY = { v: 1, at: '2026-06-01T12:00:00Z', batteryPct: 81, temperatureC: 24.5 };
export const EXAMPLE_INFO = { v: 1, timeZone: 'Europe/Berlin', software: 'my-trap 1.2' };

const RUN = '/api/v1/runs/meadow-1/20260601T120000-12-7';
const SENT = '/api/v1/traps/meadow-1/runs/20260601T120000-12-7';
export const EXAMPLE_TAKEN_RUN = {
  trapId: 'meadow-1',
  runId: '20260601T120000-12-7',
  links: { self: RUN, end: `${SENT}/end`, receipt: `${SENT}/receipt` },
};
export const EXAMPLE_TAKEN_CROP = {
  trapId: 'meadow-1',
  runId: '20260601T120000-12-7',
  cropId: '0001',
  bytes: 28_140,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  links: { self: `${RUN}/crops/0001` },
};
export const EXAMPLE_RECEIPT = {
  v: 1,
  state: 'incomplete',
  have: 1,
  missing: ['0002'],
  rejected: [],
  at: '2026-06-01T10:00:09.120Z',
};
