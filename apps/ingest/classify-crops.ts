import {
  type Catalog,
  type Db,
  saveClassifications,
  type WaitingCrop,
  waitingCrops,
} from '../../libs/catalog/index.js';
import type { ClassifierPool, CropResult } from '../../libs/classifier/index.js';
import { cropKey, type RunId, runKey } from '../../libs/domain/index.js';
import { cropPath, imagesRoot } from '../../libs/images/index.js';
import { metrics } from './metrics.js';
import type { RunSettler } from './settle-run.js';

interface InWork extends WaitingCrop {
  readonly offeredAtMs: number;
}

const DISK_RETRY_MS = 30_000;

/** A file that is gone is a verdict, if a sad one; any other failure to read it is not. */
const isDiskFailure = (result: CropResult): boolean =>
  result.state === 'failed' && result.code === 'missing' && result.errno !== 'ENOENT';

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
  private answered: CropResult[] = [];

  constructor(
    private readonly catalog: Catalog,
    private readonly settler: RunSettler,
    private readonly model: string,
    private readonly dataDir: string,
  ) {}

  /** Crops with the classifier, or whose answer is not committed yet. */
  get size(): number {
    return this.inWork.size;
  }

  /** The classifier hands its answers over here; `commitAnswers` makes them durable. */
  take(results: readonly CropResult[]): void {
    for (const result of results) {
      if (isDiskFailure(result)) this.offerLater(result.key);
      else this.answered.push(result);
    }
  }

  /** A disk that failed says nothing of the crop: it stays waiting in the catalog, and is left alone for a while. */
  private offerLater(key: string): void {
    setTimeout(() => this.inWork.delete(key), DISK_RETRY_MS).unref();
  }

  /**
   * Offers what waits in the catalog, the oldest first.
   *
   * @returns how many were offered
   */
  async feed(pool: ClassifierPool): Promise<number> {
    if (pool.room === 0) return 0;
    const waiting = await waitingCrops(this.catalog.reader, this.inWork.size + pool.room);
    let offered = 0;
    for (const crop of waiting) {
      const key = cropKey(crop);
      if (this.inWork.has(key)) continue;
      if (!pool.offer({ key, path: cropPath(imagesRoot(this.dataDir), crop, crop.day, crop.format) })) break;
      this.inWork.set(key, { ...crop, offeredAtMs: Date.now() });
      offered += 1;
    }
    return offered;
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
      await this.catalog.db.transaction().execute((tx) => this.save(tx, answers, nowMs));
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
    const runs = new Map(
      answers.map(({ crop }) => [runKey(crop), { trapId: crop.trapId, runId: crop.runId } satisfies RunId]),
    );
    // One order for all processes, or two transactions could wait for each other.
    for (const [, run] of [...runs].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await this.settler.settleIfClassified(tx, run, nowMs);
    }
  }
}

function asClassification(crop: InWork, result: CropResult) {
  const { trapId, runId, cropId } = crop;
  if (result.state === 'failed') return { trapId, runId, cropId, ranked: [], code: result.code };
  return { trapId, runId, cropId, ranked: result.ranked, energy: result.energy, logits: result.logits };
}
