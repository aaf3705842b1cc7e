import {
  type Catalog,
  type NewDetection,
  putManifest,
  type RunDetails,
  timeZoneOf,
} from '../../libs/catalog/index.js';
import { type RunId, readTime } from '../../libs/domain/index.js';
import type { EndPayload, MetaPayload } from '../../libs/protocol/index.js';
import type { RunSettler } from './settle-run.js';

/** Takes what a trap says of its runs: `meta` and `end`, in any order, any number of times. */
export class RunReceiver {
  constructor(
    private readonly catalog: Catalog,
    private readonly settler: RunSettler,
    private readonly timeZone: string,
    private readonly onSettled: () => void,
  ) {}

  async meta(run: RunId, payload: MetaPayload, nowMs: number): Promise<void> {
    const { v: _v, session, trackId, start, end, durationS, crops, ...extra } = payload;
    const zone = await this.zoneOf(run.trapId);
    await this.settle(run, nowMs, {
      details: {
        sessionId: session,
        trackId: trackId === undefined ? undefined : String(trackId),
        start: readTime(start, zone, nowMs),
        end: end === undefined ? undefined : readTime(end, zone, nowMs),
        durationS,
        expectedCrops: crops,
        extra,
      },
    });
  }

  async end(run: RunId, payload: EndPayload, nowMs: number): Promise<void> {
    const { v: _v, status, end, crops, manifest, ...extra } = payload;
    const zone = await this.zoneOf(run.trapId);
    const detections = manifest?.map(
      (entry): NewDetection => ({
        ...run,
        cropId: entry.crop,
        sha256: entry.sha256?.toLowerCase(),
        atMs: entry.at === undefined ? undefined : readTime(entry.at, zone, nowMs)?.utcMs,
        confidence: entry.confidence,
        box: entry.box,
        entry,
      }),
    );
    const details: RunDetails = {
      endStatus: status,
      end: readTime(end, zone, nowMs),
      announcedCrops: crops,
      extra,
    };
    await this.settle(run, nowMs, { endCame: true, details }, detections);
  }

  private async settle(
    run: RunId,
    nowMs: number,
    reason: Parameters<RunSettler['settle']>[3],
    manifest?: readonly NewDetection[],
  ): Promise<void> {
    await this.catalog.db.transaction().execute(async (tx) => {
      if (manifest) await putManifest(tx, run, manifest);
      await this.settler.settle(tx, run, nowMs, reason);
    });
    this.onSettled();
  }

  private async zoneOf(trapId: string): Promise<string> {
    return (await timeZoneOf(this.catalog.db, trapId)) ?? this.timeZone;
  }
}
