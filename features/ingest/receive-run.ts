import type { Catalog } from '../../libs/database/index.js';
import { isOddSpan, type RunDetails, type RunId } from '../../libs/domain/index.js';
import { type EndPayload, type MetaPayload, Rejection, type SalvagedEnd } from '../../libs/protocol/index.js';
import { correctAgain, readPasses } from '../clock/index.js';
import { findDeletion, type NewDetection, putManifest } from '../runs/index.js';
import { markSessionDueIfKnown } from '../sessions/index.js';
import type { RunCompleter } from './complete-runs.js';
import { TrapClock } from './receive-trap.js';

/** What a message says of a run, with its times read. */
interface Said {
  readonly endCame?: boolean;
  readonly details: RunDetails;
  readonly manifest?: readonly NewDetection[] | undefined;
  /** The manifest adds to what is there. */
  readonly isPart?: boolean;
}

/** Takes what a trap says of its runs: `meta` and `end`, in any order, any number of times. */
export class RunReceiver {
  constructor(
    private readonly catalog: Catalog,
    private readonly settler: RunCompleter,
    private readonly timeZone: string,
    private readonly onSettled: () => void,
  ) {}

  async meta(run: RunId, payload: MetaPayload, nowMs: number): Promise<void> {
    const { v: _v, session, trackId, start, end, durationS, crops, ...extra } = payload;
    await this.settle(run, nowMs, (clock) => ({
      details: {
        sessionId: session,
        trackId: trackId === undefined ? undefined : String(trackId),
        start: clock.read(start),
        end: end === undefined ? undefined : clock.read(end),
        durationS,
        expectedCrops: crops,
        extra,
      },
    }));
  }

  async end(run: RunId, payload: EndPayload, nowMs: number): Promise<void> {
    const { v: _v, status, end, crops, parts = 1, manifest, ...extra } = payload;
    await this.settle(run, nowMs, (clock) => ({
      endCame: true,
      details: {
        endStatus: status,
        end: clock.read(end),
        announcedCrops: crops,
        manifestParts: parts > 1 ? parts : null,
        extra,
      },
      manifest: manifest && detectionsOf(run, manifest, clock),
      isPart: parts > 1,
    }));
  }

  /** What could be read of an `end` that was refused: it adds to what is known, and replaces nothing else. */
  async salvagedEnd(
    run: RunId,
    { status, end, crops, parts, manifest }: SalvagedEnd,
    nowMs: number,
  ): Promise<void> {
    // Of a run that was deleted nothing is kept.
    if (await findDeletion(this.catalog.db, run)) return;
    await this.settle(run, nowMs, (clock) => ({
      endCame: crops !== undefined,
      details: {
        endStatus: status,
        end: end === undefined ? undefined : clock.read(end),
        announcedCrops: crops,
        ...(parts !== undefined && parts > 1 && { manifestParts: parts }),
      },
      manifest: manifest && detectionsOf(run, manifest, clock),
      isPart: true,
    }));
  }

  private async settle(run: RunId, nowMs: number, read: (clock: TrapClock) => Said): Promise<void> {
    await this.catalog.inSharedTransaction(async (tx) => {
      const clock = await TrapClock.of(tx, run.trapId, this.timeZone, nowMs);
      const { manifest, isPart, details, endCame } = read(clock);
      if (manifest) await putManifest(tx, run, manifest, isPart);
      const zoneRevision = clock.zoneRevision;
      const now = await this.settler.evaluate(tx, run, nowMs, {
        endCame,
        manifestCame: manifest !== undefined,
        details: { ...details, zoneRevision },
      });
      // Looked up once the run is held: before, it could be deleted between the look and the write. A run that was deleted
      // has no row, so that one with crops was not.
      if (!now || (now.storedCrops === 0 && (await findDeletion(tx, run))))
        throw new Rejection('deleted', `run ${run.runId} was deleted for good: nothing of it is taken again`);
      // What it says of its crops is as wrong as the clock that was corrected, and a corrected session is followed.
      if (now.timeFrom !== null) await correctAgain(tx, now, this.timeZone);
      else if (isOddSpan(now.startMs, now.endMs, now.durationS)) await readPasses(tx, now, this.timeZone);
      if (now.timeFrom === null && details.sessionId !== undefined)
        await markSessionDueIfKnown(tx, run.trapId, details.sessionId);
    });
    this.onSettled();
  }
}

const detectionsOf = (
  run: RunId,
  manifest: NonNullable<EndPayload['manifest']>,
  clock: TrapClock,
): NewDetection[] =>
  manifest.map((entry) => ({
    ...run,
    cropId: entry.crop,
    sha256: entry.sha256?.toLowerCase(),
    atMs: entry.at === undefined ? undefined : clock.read(entry.at)?.utcMs,
    confidence: entry.confidence,
    box: entry.box,
    entry,
  }));
