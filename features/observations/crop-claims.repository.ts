import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Catalog, cropIdOf, cropIn, type Db } from '../../libs/database/index.js';
import { type CropId, cropKey } from '../../libs/domain/index.js';

/** A service that has not renewed its claims for so long has died or hangs, and others take its crops. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 8_000;

/** Of the database, since the clocks of several machines differ. */
const nowMs = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
const leaseEnd = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint + ${sql.lit(LEASE_MS)}`;

/**
 * The crops that this service is classifying, so that no other service on the same PostgreSQL classifies them as well.
 * With SQLite there is only one service, and nothing is written.
 */
export class CropClaims {
  private readonly holder = randomUUID();
  private readonly db: Db | undefined;
  private renewedAtMs = 0;

  constructor({ db, engine }: Pick<Catalog, 'db' | 'engine'>) {
    if (engine === 'postgres') this.db = db;
  }

  /** What others hold, for choosing crops; undefined where there are no others. */
  get others(): string | undefined {
    return this.db && this.holder;
  }

  /** @returns those of the crops that no other service has, and that still wait */
  async claim<Crop extends CropId>(crops: readonly Crop[]): Promise<readonly Crop[]> {
    if (!this.db || !crops.length) return crops;
    const claimed = await this.db.transaction().execute(async (tx) => {
      // Locked: a crop whose answer another service is committing is not among them, nor is one that is done by now.
      const free = await tx
        .selectFrom('crops')
        .select(['trap_id', 'run_id', 'crop_id'])
        .where('stage', '=', 'waiting')
        .where(cropIn(crops))
        .forUpdate()
        .skipLocked()
        .execute();
      if (!free.length) return [];
      return tx
        .insertInto('crop_claims')
        .values(free.map((crop) => ({ ...crop, holder: this.holder, expires_at: leaseEnd })))
        .onConflict((conflict) =>
          conflict
            .columns(['trap_id', 'run_id', 'crop_id'])
            .doUpdateSet({ holder: this.holder, expires_at: leaseEnd })
            .where((eb) =>
              eb.or([eb('crop_claims.holder', '=', this.holder), eb('crop_claims.expires_at', '<', nowMs)]),
            ),
        )
        .returning(['trap_id', 'run_id', 'crop_id'])
        .execute();
    });
    const keys = new Set(claimed.map((row) => cropKey(cropIdOf(row))));
    return crops.filter((crop) => keys.has(cropKey(crop)));
  }

  /** Keeps the claims from expiring. Call it at least every few seconds. */
  async renew(atMs: number): Promise<void> {
    if (!this.db || atMs - this.renewedAtMs < RENEW_EVERY_MS) return;
    await this.db
      .updateTable('crop_claims')
      .set({ expires_at: leaseEnd })
      .where('holder', '=', this.holder)
      .execute();
    this.renewedAtMs = atMs;
  }

  /** Crops that are classified, in the transaction that says so, or that are given up. */
  async release(crops: readonly CropId[], tx: Db | undefined = this.db): Promise<void> {
    if (!this.db || !tx || !crops.length) return;
    await tx.deleteFrom('crop_claims').where('holder', '=', this.holder).where(cropIn(crops)).execute();
  }

  /** The service ends: others need not wait. */
  async releaseAll(): Promise<void> {
    await this.db?.deleteFrom('crop_claims').where('holder', '=', this.holder).execute();
  }
}
