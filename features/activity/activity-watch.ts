import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { DEFAULT_ACTIVITY_RULE } from '../../libs/domain/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { listTraps } from '../traps/index.js';
import { TrapWatchService } from './trap-watch.service.js';

const POLL_INTERVAL_MS = 5 * 60_000;
/** A service that has just started has better to do. */
const FIRST_POLL_MS = 15_000;

/** Looks every five minutes whether anything is unusual at any trap. */
@Injectable()
export class ActivityWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'activityAlpha' | 'timeZone' | 'influx'>,
    @Inject(LOG) private readonly log: Logger,
    private readonly traps: TrapWatchService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setTimeout(() => this.again(), FIRST_POLL_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Judges all traps now; resolves when that is done. */
  check(): Promise<void> {
    // One after another: two at once would open the same episodes.
    this.looking = this.looking
      .then(() => this.look(Date.now()))
      .catch((err) => this.log.error({ err }, 'looking for unusual activity failed: it is tried again'));
    return this.looking;
  }

  /** One look at all traps; one that fails keeps no other from being looked at. */
  private async look(nowMs: number): Promise<void> {
    const { catalog, log } = this;
    const { activityAlpha: alpha, timeZone, influx } = this.config;
    const rule = { ...DEFAULT_ACTIVITY_RULE, alpha };
    const marksPoints = influx !== undefined;
    for (const { trapId, timeZone: zone } of await listTraps(catalog.reader)) {
      if (this.stopped) return;
      try {
        const watched = { trapId, zone: zone ?? timeZone };
        for (const { episode, change } of await this.traps.watch(watched, { rule, marksPoints }, nowMs))
          log.info({ trapId, group: episode.group, episode: episode.id }, `an episode was ${change}`);
      } catch (err) {
        log.error({ err, trapId }, 'unusual activity of a trap could not be judged: it is tried again');
      }
    }
  }

  private again(): void {
    void this.check().then(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.again(), POLL_INTERVAL_MS).unref();
    });
  }
}
