import type { ClassifierPool, CropResult } from '../../libs/classifier/index.js';
import type { Catalog, Db } from '../../libs/database/index.js';
import { cropKey, type RunId, runKey } from '../../libs/domain/index.js';
import { cropPath, imagesRoot } from '../../libs/store/index.js';
import type { CropStore } from '../crops/index.js';
import { CropClaims, saveClassifications } from '../observations/index.js';
import { type Chosen, CropChoice } from './choose-crops.js';
import type { RunCompleter } from './complete-runs.js';
import { metrics } from './ingest.metrics.js';
import type { PictureCheck } from './picture-check.js';

interface InWork extends Chosen {
  readonly offeredAtMs: number;
  readonly isAhead: boolean;
}

/** A visit that is not longer ago is live: people may be looking. */
const LIVE_MS = 10 * 60_000;
/** So many crops of a trap may go ahead of others at once: more would hold up the live visits of other traps. */
const AHEAD_OF_A_TRAP = 16;

const DISK_RETRY_MS = 30_000;

interface Answer {
  readonly crop: InWork;
  readonly result: CropResult;
}

/**
 * Feeds the classifier from the catalog and commits its answers. The catalog is the queue: what is offered here and
 * not committed before a kill still stands there as waiting, and is offered again.
 */
export class CropClassification {
  private readonly inWork = new Map<string, InWork>();
  private readonly claims: CropClaims;
  private readonly choice: CropChoice;
  private answered: CropResult[] = [];

  constructor(
    private readonly catalog: Catalog,
    private readonly settler: RunCompleter,
    private readonly model: string,
    private readonly dataDir: string,
    private readonly bytes: CropStore,
    private readonly pictures: PictureCheck,
  ) {
    this.claims = new CropClaims(catalog);
    this.choice = new CropChoice(this.claims.others);
  }

  /** Crops with the classifier, or whose answer is not committed yet. */
  get size(): number {
    return this.inWork.size;
  }

  /** The classifier hands its answers over here; `commitAnswers` makes them durable. */
  take(results: readonly CropResult[]): void {
    for (const result of results) {
      if (result.state === 'failed' && result.code === 'missing') void this.checkPicture(result.key);
      else this.answered.push(result);
    }
  }

  /**
   * A file that cannot be read, or has other bytes: no verdict on the crop. Where it is damaged that is noted, and the crop
   * comes back when its bytes do; where it is whole, or the disk cannot say, it stays waiting and is left alone for a while.
   */
  private async checkPicture(key: string): Promise<void> {
    const crop = this.inWork.get(key);
    if (!crop) return;
    try {
      const damaged = await this.bytes.verifyCrops([crop]);
      if (!damaged.length) throw new Error('the picture is whole');
      await this.pictures.note(damaged);
      const run = { trapId: crop.trapId, runId: crop.runId };
      await this.catalog.inSharedTransaction((tx) => this.settler.evaluateIfClassified(tx, run, Date.now()));
      await this.claims.release([crop]);
      this.inWork.delete(key);
    } catch {
      setTimeout(() => this.inWork.delete(key), DISK_RETRY_MS).unref();
    }
  }

  /**
   * Offers what waits in the catalog, as {@link CropChoice} has it.
   *
   * @returns how many were offered
   */
  async feed(pool: ClassifierPool): Promise<number> {
    if (pool.room === 0) return 0;
    const ofTraps = new Map<string, { all: number; ahead: number }>();
    const ofTrap = (trapId: string) => ofTraps.get(trapId) ?? { all: 0, ahead: 0 };
    const count = ({ trapId, isAhead }: InWork) => {
      const { all, ahead } = ofTrap(trapId);
      ofTraps.set(trapId, { all: all + 1, ahead: ahead + (isAhead ? 1 : 0) });
    };
    for (const crop of this.inWork.values()) count(crop);
    const chosen = await this.choice.choose(this.catalog.reader, pool.room, {
      has: (key) => this.inWork.has(key),
      ofTrap: (trapId) => ofTrap(trapId).all,
    });
    const waiting = await this.claims.claim(chosen);
    const offeredAtMs = Date.now();
    let offered = 0;
    for (const crop of waiting) {
      const key = cropKey(crop);
      const isAhead =
        crop.isNewest && offeredAtMs - crop.visitMs < LIVE_MS && ofTrap(crop.trapId).ahead < AHEAD_OF_A_TRAP;
      const path = cropPath(imagesRoot(this.dataDir), crop, crop.day, crop.format);
      if (!pool.offer({ key, path, crc32: crop.crc32, group: crop.trapId }, isAhead)) break;
      const inWork = { ...crop, offeredAtMs, isAhead };
      this.inWork.set(key, inWork);
      count(inWork);
      offered += 1;
    }
    await this.claims.release(waiting.slice(offered));
    return offered;
  }

  /** Shows other services that this one is alive and keeps its crops. Call it at least every few seconds. */
  async renewClaims(): Promise<void> {
    await this.claims.renew(Date.now());
  }

  /** Commits what is left, and leaves everything else to other services. */
  async stop(): Promise<void> {
    await this.commitAnswers();
    await this.claims.releaseAll();
  }

  /**
   * Commits the answers that have come, together with the observations that they complete.
   *
   * @returns how many
   */
  async commitAnswers(): Promise<number> {
    const results = this.answered;
    this.answered = [];
    const answers = results.flatMap((result) => {
      const crop = this.inWork.get(result.key);
      return crop ? [{ crop, result }] : [];
    });
    if (!answers.length) return 0;
    const nowMs = Date.now();
    try {
      await this.catalog.inSharedTransaction((tx) => this.save(tx, answers, nowMs));
    } catch (error) {
      this.answered = [...results, ...this.answered];
      throw error;
    }
    for (const { crop, result } of answers) {
      this.inWork.delete(cropKey(crop));
      metrics.predictions.inc({ status: result.state === 'classified' ? 'ok' : result.code });
      metrics.waitingForPrediction.observe((nowMs - crop.offeredAtMs) / 1000);
    }
    return answers.length;
  }

  private async save(tx: Db, answers: readonly Answer[], nowMs: number): Promise<void> {
    await saveClassifications(
      tx,
      this.model,
      answers.map(({ crop, result }) => asClassification(crop, result)),
      nowMs,
    );
    await this.claims.release(
      answers.map(({ crop }) => crop),
      tx,
    );
    const runs = new Map(
      answers.map(({ crop }) => [runKey(crop), { trapId: crop.trapId, runId: crop.runId } satisfies RunId]),
    );
    // One order for all processes, or two transactions could wait for each other.
    for (const [, run] of [...runs].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await this.settler.evaluateIfClassified(tx, run, nowMs);
    }
  }
}

function asClassification(crop: InWork, result: CropResult) {
  const { trapId, runId, cropId } = crop;
  if (result.state === 'failed') return { trapId, runId, cropId, ranked: [], code: result.code };
  return { trapId, runId, cropId, ranked: result.ranked, energy: result.energy, logits: result.logits };
}
