import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { deleteFiles } from './delete-files.js';
import { DeletionsRepository } from './deletions.repository.js';

const POLL_INTERVAL_MS = 60_000;
/** What was under way when something was deleted, such as a thumbnail, has come to its end by then. */
const SETTLED_MS = 60_000;

/**
 * Deletes the files of what was deleted once more, a while later: whatever a kill left, and what somebody else wrote
 * at that moment.
 */
@Injectable()
export class DeletionSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: DeletionsRepository,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeping = this.sweep(Number.POSITIVE_INFINITY);
    this.timer = setInterval(() => {
      this.sweeping = this.sweep(Date.now() - SETTLED_MS);
    }, POLL_INTERVAL_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** @param beforeMs only what was deleted before */
  private async sweep(beforeMs: number): Promise<void> {
    try {
      for (const { deletion, files } of await this.repository.withFiles()) {
        await deleteFiles(this.config.dataDir, files);
        if (deletion.atMs < beforeMs) await this.repository.noteFilesGone(deletion);
      }
    } catch (err) {
      this.log.error({ err }, 'files of what was deleted are still there: tried again');
    }
  }
}
