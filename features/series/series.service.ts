import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { isSilent, MINUTE_MS, type Trap } from '../../libs/domain/index.js';
import {
  type DrainError,
  Drainer,
  Influx,
  type InfluxLocation,
  lineOf,
  type Point,
  writeBatch,
} from '../../libs/timeseries/index.js';
import { metrics } from '../ingest/index.js';
import { recordEvent } from '../observations/index.js';
import { enqueuePoints, eventPoint } from '../outbox/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { StatsRepository } from '../stats/index.js';
import { Taxa } from '../taxa/index.js';
import { listTraps, presenceOf } from '../traps/index.js';
import { pipelinePoint } from './pipeline-point.js';
import { sendPoints } from './send-points.js';
import { putPointsError } from './series.repository.js';
import { statusPoint } from './trap-points.js';

const PAUSE_MS = 1000;
const PIPELINE_EVERY_MS = 15_000;

/**
 * The time series: what the catalog says goes to InfluxDB and waits there for as long as it takes; how traps and
 * service are just now is written at once or not at all.
 */
@Injectable()
export class Series implements OnModuleInit, OnApplicationShutdown {
  private readonly influx: Influx;
  private readonly drainer: Drainer;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private lastTrouble?: DrainError;
  private counted = { crops: 0, atMs: Date.now() };

  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'influx' | 'dataDir' | 'timeZone'>,
    @Inject(LOG) private readonly log: Logger,
    taxa: Taxa,
    private readonly stats: StatsRepository,
  ) {
    this.influx = new Influx(config.influx as InfluxLocation);
    this.drainer = new Drainer({
      step: () => sendPoints(catalog, this.influx, taxa.now),
      pauseMs: PAUSE_MS,
      onTrouble: (trouble, err) => this.tell(trouble, err),
    });
  }

  /** Why points wait; undefined while they go out. */
  get trouble(): DrainError | undefined {
    return this.drainer.trouble;
  }

  onModuleInit(): void {
    this.drainer.start();
    this.every(PIPELINE_EVERY_MS, () => this.writePipeline());
    this.every(MINUTE_MS, () => this.writeTraps());
    void this.run(() => this.writeTraps());
    void this.run(() => this.writePipeline());
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all([this.drainer.stop(), ...this.underWay]);
  }

  private every(ms: number, work: () => Promise<void>): void {
    this.timers.push(setInterval(() => void this.run(work), ms).unref());
  }

  private async run(work: () => Promise<void>): Promise<void> {
    const running = work().catch((err) => this.log.warn({ err }, 'a look at the service failed'));
    this.underWay.add(running);
    await running;
    this.underWay.delete(running);
  }

  private async writePipeline(): Promise<void> {
    const nowMs = Date.now();
    const crops = await cropsReceived();
    const cropsPerS = ((crops - this.counted.crops) * 1000) / Math.max(1, nowMs - this.counted.atMs);
    this.counted = { crops, atMs: nowMs };
    await this.write([await pipelinePoint(this.catalog, this.config.dataDir, cropsPerS, nowMs)]);
  }

  private async writeTraps(): Promise<void> {
    const nowMs = Date.now();
    const traps = await listTraps(this.catalog.reader);
    await noteSilence(this.catalog, traps, this.config.timeZone, nowMs);
    // At the full minute, so that several processes write the same points.
    const minuteMs = nowMs - (nowMs % MINUTE_MS);
    const untimed = await this.stats.visitsOfUnknownTime();
    const points = traps.map((trap) =>
      statusPoint(trap, untimed.get(trap.trapId) ?? 0, minuteMs, this.config.timeZone),
    );
    await this.write(points);
  }

  /** What is true for a moment only does not wait: while InfluxDB is away, nothing is written of it. */
  private async write(points: readonly Point[]): Promise<void> {
    if (this.drainer.trouble) return;
    const lines = points.flatMap((point) => lineOf(point) ?? []);
    const { refused } = await writeBatch(lines, (some) => this.influx.write(some));
    for (const { item, message } of refused)
      this.log.warn({ line: item, message }, 'InfluxDB refused a point');
  }

  private tell(trouble: DrainError | undefined, err: unknown): void {
    const { log } = this;
    const nowMs = Date.now();
    if (!trouble) log.info('points go to InfluxDB again');
    else if (trouble.state === 'denied')
      log.error({ message: trouble.message }, 'InfluxDB does not let us in: points wait in the catalog');
    else if (trouble.state === 'busy')
      log.warn({ message: trouble.message }, 'InfluxDB does not take points now: they wait in the catalog');
    else log.error({ err }, 'sending points failed, it is tried again');
    // Where the catalog is away, it cannot note that it is.
    void this.remember(trouble, nowMs).catch(() => {});
  }

  /** For `influx status`, which is another process. */
  private async remember(trouble: DrainError | undefined, nowMs: number): Promise<void> {
    const about = trouble ?? this.lastTrouble;
    this.lastTrouble = trouble;
    if (!about) return;
    const { message, sinceMs } = about;
    await putPointsError(this.catalog.db, {
      message,
      sinceMs,
      ...(!trouble && { endedMs: nowMs }),
    });
  }
}

/** Crops received since the start. */
async function cropsReceived(): Promise<number> {
  const { values } = await metrics.crops.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

/** Notes which of these traps have fallen silent: once for each silence, at the time of the last message. */
async function noteSilence(
  { db }: Catalog,
  traps: readonly Trap[],
  timeZone: string,
  nowMs: number,
): Promise<void> {
  for (const trap of traps) {
    const presence = presenceOf(trap, timeZone);
    if (!isSilent(presence, nowMs)) continue;
    const lastAt = new Date(presence.lastMessageAtMs).toISOString();
    const event = {
      trap_id: trap.trapId,
      kind: 'silent' as const,
      item: String(presence.lastMessageAtMs),
      at_ms: presence.lastMessageAtMs,
      text: `silent since ${lastAt.slice(0, 16).replace('T', ' ')} UTC`,
    };
    await db.transaction().execute(async (tx) => {
      if (await recordEvent(tx, event)) await enqueuePoints(tx, [eventPoint(event)]);
    });
  }
}
