import { z } from 'zod';
import { after, described, id, iso, limit, placed } from '../http/index.js';
import type { Deletion } from '../runs/index.js';

const LONGEST_REASON = 500;
export const CROP_PARAMS = z.object({ trapId: id(), runId: id(), cropId: id() });
export const REASON_QUERY = z.object({
  reason: described(reason(), 'Kept, and shown to administrators', 'a person'),
});
export type ReasonQuery = z.output<typeof REASON_QUERY>;
export const DELETIONS_QUERY = z.object({
  limit: limit(),
  after: after(z.tuple([placed.atMs, placed.id, placed.id, z.string().max(64)])),
});

export const DELETION = z
  .strictObject({
    trapId: z.string(),
    runId: z.string(),
    cropId: z.string().optional().meta({ description: 'Left out where the whole run was deleted' }),
    reason: z.string(),
    by: z.string().meta({ description: 'Name of the key or the person' }),
    at: z.string(),
  })
  .meta({ id: 'Deletion', description: 'What was deleted for good' });
export const EXAMPLE_DELETION: z.output<typeof DELETION> = {
  trapId: 'meadow-1',
  runId: 'run-1',
  cropId: '0001',
  reason: 'a person in the picture',
  by: 'admin',
  at: '2026-06-02T09:00:00.000Z',
};

export type DeletionsQuery = z.output<typeof DELETIONS_QUERY>;

export const presentDeletion = (deletion: Deletion): z.output<typeof DELETION> => ({
  trapId: deletion.trapId,
  runId: deletion.runId,
  cropId: deletion.cropId || undefined,
  reason: deletion.reason,
  by: deletion.byName,
  at: iso(deletion.atMs),
});

function reason() {
  const error = `must say why, in 1 to ${LONGEST_REASON} characters`;
  return z
    .string({ error: ({ input }) => (Array.isArray(input) ? 'must be given once' : error) })
    .trim()
    .regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${LONGEST_REASON}}$`, 'u'), { error })
    .meta({ wire: { type: 'string', minLength: 1, maxLength: LONGEST_REASON } });
}
