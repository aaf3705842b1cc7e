import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { CropId, RunId } from '../../libs/domain/index.js';
import type { Principal } from '../accounts/index.js';
import { pageOf, Reception } from '../http/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { missingCrop, missingRun } from '../runs/index.js';
import { deleteFiles } from './delete-files.js';
import { type Deleted, type DeletionNote, DeletionsRepository } from './deletions.repository.js';
import { type DeletionsQuery, presentDeletion } from './deletions.schema.js';

@Injectable()
export class DeletionsService {
  constructor(
    private readonly repository: DeletionsRepository,
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>,
    @Inject(LOG) private readonly log: Logger,
    @Optional() private readonly reception?: Reception,
  ) {}

  /** @throws Problem 404, or 410 where it was deleted before */
  async deleteRun(run: RunId, reason: string, user: Principal) {
    const deleted = await this.repository.deleteRun(run, noteBy(user, reason));
    if (!deleted) throw await missingRun(this.catalog.db, run);
    return this.finish(deleted);
  }

  /** @throws Problem 404, or 410 where it was deleted before */
  async deleteCrop(crop: CropId, reason: string, user: Principal) {
    const deleted = await this.repository.deleteCrop(crop, noteBy(user, reason));
    if (!deleted) throw await missingCrop(this.catalog.db, crop);
    return this.finish(deleted);
  }

  async list({ limit, after }: DeletionsQuery) {
    const found = await this.repository.list(limit + 1, after);
    return pageOf(
      found,
      limit,
      ({ atMs, trapId, runId, cropId }) => [atMs, trapId, runId, cropId],
      presentDeletion,
    );
  }

  private async finish({ deletion, files }: Deleted) {
    const { trapId, runId, cropId, byName } = deletion;
    this.log.info({ trapId, runId, cropId: cropId || undefined, by: byName }, 'deleted for good');
    // Where this fails, the catalog still lists the files, and the sweep deletes them.
    await deleteFiles(this.config.dataDir, files);
    await this.reception?.forgetDeleted();
    return presentDeletion(deletion);
  }
}

const noteBy = ({ kind, name }: Principal, reason: string): DeletionNote => ({
  reason,
  byKind: kind === 'user' ? 'user' : 'key',
  byName: name,
  atMs: Date.now(),
});
