import { Controller, Delete, Get, Inject, Optional, Param, Query } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import type { Db } from '../../libs/database/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { CropId, RunId } from '../../libs/domain/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import {
  ApiDoc,
  after,
  described,
  id,
  iso,
  json,
  limit,
  type Problem,
  page,
  pageOf,
  placed,
  Reception,
} from '../http/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { type Deletion, missingCrop, missingRun, RUN_PARAMS } from '../runs/index.js';
import { deleteFiles } from './delete-files.js';
import { type DeletionNote, deleteCrop, deleteRun, listDeletions } from './deletions.repository.js';

const LONGEST_REASON = 500;
const CROP_PARAMS = z.object({ trapId: id(), runId: id(), cropId: id() });
const REASON_QUERY = z.object({
  reason: described(reason(), 'Kept, and shown to administrators', 'a person'),
});
type ReasonQuery = z.output<typeof REASON_QUERY>;
const LIST_QUERY = z.object({
  limit: limit(),
  after: after(z.tuple([placed.atMs, placed.id, placed.id, z.string().max(64)])),
});

const DELETION = z
  .strictObject({
    trapId: z.string(),
    runId: z.string(),
    cropId: z.string().optional().meta({ description: 'Left out where the whole run was deleted' }),
    reason: z.string(),
    by: z.string().meta({ description: 'Name of the key or the person' }),
    at: z.string(),
  })
  .meta({ id: 'Deletion', description: 'What was deleted for good' });
const EXAMPLE: z.output<typeof DELETION> = {
  trapId: 'meadow-1',
  runId: 'run-1',
  cropId: '0001',
  reason: 'a person in the picture',
  by: 'admin',
  at: '2026-06-02T09:00:00.000Z',
};

/** Deletes for good what must not be kept, such as the picture of a person. */
@MinRole('admin')
@Controller('api/v1')
export class DeletionsController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>,
    @Inject(LOG) private readonly log: Logger,
    @Optional() private readonly reception?: Reception,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Delete a run for good',
    description:
      'With its pictures, classifications, observations and reviews: it leaves lists, counts, downloads, dashboards and later backups. Only who deleted it, when and why is kept. What the trap sends of it later is refused as `deleted`.',
    answers: { 200: json(DELETION, { ...EXAMPLE, cropId: undefined }) },
  })
  @Delete('runs/:trapId/:runId')
  run(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Query({ schema: REASON_QUERY }) query: ReasonQuery,
    @CurrentUser() user: Principal,
  ) {
    return this.carryOut(
      query,
      user,
      (tx, note) => deleteRun(tx, run, note),
      () => missingRun(this.catalog.db, run),
    );
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Delete one picture for good',
    description:
      'With what the model and the detector said of it. The run is decided again without it, and counts as complete without it. The picture is refused as `deleted` when the trap sends it again.',
    answers: { 200: json(DELETION, EXAMPLE) },
  })
  @Delete('runs/:trapId/:runId/crops/:cropId')
  crop(
    @Param({ schema: CROP_PARAMS }) crop: CropId,
    @Query({ schema: REASON_QUERY }) query: ReasonQuery,
    @CurrentUser() user: Principal,
  ) {
    return this.carryOut(
      query,
      user,
      (tx, note) => deleteCrop(tx, crop, note),
      () => missingCrop(this.catalog.db, crop),
    );
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'What was deleted for good, and why',
    description: 'Newest first.',
    answers: { 200: json(page(DELETION), { items: [EXAMPLE] }) },
  })
  @Get('deletions')
  async list(@Query({ schema: LIST_QUERY }) query: z.output<typeof LIST_QUERY>) {
    const place = query.after;
    const before = place && { atMs: place[0], trapId: place[1], runId: place[2], cropId: place[3] };
    const rows = await listDeletions(this.catalog.reader, query.limit + 1, before);
    return pageOf(
      rows,
      query.limit,
      (row) => [row.at_ms, row.trap_id, row.run_id, row.crop_id],
      deletionView,
    );
  }

  private async carryOut(
    { reason }: ReasonQuery,
    user: Principal,
    remove: (tx: Db, note: DeletionNote) => Promise<Deletion | undefined>,
    missing: () => Promise<Problem>,
  ): Promise<z.output<typeof DELETION>> {
    const note: DeletionNote = {
      reason,
      byKind: user.kind === 'user' ? 'user' : 'key',
      byName: user.name,
      atMs: Date.now(),
    };
    const deletion = await this.catalog.db.transaction().execute((tx) => remove(tx, note));
    if (!deletion) throw await missing();
    const { trap_id: trapId, run_id: runId, crop_id: cropId } = deletion;
    this.log.info({ trapId, runId, cropId: cropId || undefined, by: user.name }, 'deleted for good');
    // What fails here is on the list of the catalog, and tried again.
    await deleteFiles(this.config.dataDir, JSON.parse(deletion.files ?? '[]'));
    await this.reception?.forgetDeleted();
    return deletionView(deletion);
  }
}

const deletionView = (row: Deletion): z.output<typeof DELETION> => ({
  trapId: row.trap_id,
  runId: row.run_id,
  cropId: row.crop_id || undefined,
  reason: row.reason,
  by: row.by_name,
  at: iso(row.at_ms),
});

function reason() {
  const error = `must say why, in 1 to ${LONGEST_REASON} characters`;
  return z
    .string({ error: ({ input }) => (Array.isArray(input) ? 'must be given once' : error) })
    .trim()
    .regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${LONGEST_REASON}}$`, 'u'), { error })
    .meta({ wire: { type: 'string', minLength: 1, maxLength: LONGEST_REASON } });
}
