import { sql } from 'kysely';
import { type CropId, cropKey, type RunId, runKey } from '../domain/index.js';
import { cropIdOf, cropIn, runIdOf } from './keys.js';
import type { CropsTable, Db } from './schema.js';

/** A crop as it came, with what its header and its bytes say. */
export interface NewCrop extends CropId {
  readonly bytes: number;
  /** Where its bytes are in the journal, durable. */
  readonly segment: string;
  readonly position: number;
  readonly format: CropsTable['format'];
  readonly sha256: string;
  readonly crc32: number;
  readonly width: number;
  readonly height: number;
  readonly truncated: boolean;
  readonly receivedAtMs: number;
}

/**
 * `stored`: new. `same`: these bytes were there before. `conflict`: the id has other bytes, which stay.
 * `hash-mismatch`: the run's manifest announced other bytes; nothing was stored.
 */
export type StoreOutcome = 'stored' | 'same' | 'conflict' | 'hash-mismatch';

export interface StoredGroup {
  /** One per crop, in order. */
  readonly outcomes: readonly StoreOutcome[];
  /** Runs that have their `end` and, with these crops, as many as it announced. */
  readonly filled: readonly RunId[];
}

/**
 * Stores crops, where their bytes are (the inbox) and their part in their runs. Durable when the transaction is.
 *
 * @param decideAtMs when an open run that got a crop must be looked at
 */
export async function storeCrops(
  tx: Db,
  crops: readonly NewCrop[],
  decideAtMs: number,
): Promise<StoredGroup> {
  const announced = await announcedHashes(tx, crops);
  const isRight = (crop: NewCrop) => (announced.get(cropKey(crop)) ?? crop.sha256) === crop.sha256;
  const distinct = firstOfEach(crops.filter(isRight));
  const stored = await insertNew(tx, distinct);
  const known = await knownHashes(
    tx,
    crops.filter((crop) => !stored.has(cropKey(crop))),
  );
  const fresh = distinct.filter((crop) => stored.has(cropKey(crop)));
  let filled: RunId[] = [];
  if (fresh.length) {
    await tx
      .insertInto('inbox')
      .values(
        fresh.map((crop) => ({
          ...columnsOf(crop),
          received_at: crop.receivedAtMs,
          segment: crop.segment,
          position: crop.position,
        })),
      )
      .execute();
    filled = await countInRuns(tx, fresh, decideAtMs);
  }
  const firstUse = new Set<string>();
  const outcomes = crops.map((crop): StoreOutcome => {
    const key = cropKey(crop);
    const keptHash = stored.get(key) ?? known.get(key);
    if (keptHash === undefined || !isRight(crop)) return keptHash === crop.sha256 ? 'same' : 'hash-mismatch';
    if (keptHash !== crop.sha256) return 'conflict';
    if (!stored.has(key) || firstUse.has(key)) return 'same';
    firstUse.add(key);
    return 'stored';
  });
  return { outcomes, filled };
}

/** Of crops with the same id the first. In one order for all processes, or two transactions could wait for each other. */
function firstOfEach(crops: readonly NewCrop[]): NewCrop[] {
  const byKey = new Map<string, NewCrop>();
  for (const crop of crops) if (!byKey.has(cropKey(crop))) byKey.set(cropKey(crop), crop);
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, crop]) => crop);
}

const columnsOf = (crop: CropId) => ({ trap_id: crop.trapId, run_id: crop.runId, crop_id: crop.cropId });

/** @returns key → sha256 of those that were not there before */
async function insertNew(tx: Db, crops: readonly NewCrop[]): Promise<Map<string, string>> {
  if (!crops.length) return new Map();
  const rows = await tx
    .insertInto('crops')
    .values(
      crops.map((crop) => ({
        ...columnsOf(crop),
        stage: 'inbox' as const,
        turn: 0 as const,
        format: crop.format,
        bytes: crop.bytes,
        sha256: crop.sha256,
        crc32: crop.crc32,
        width: crop.width,
        height: crop.height,
        truncated: crop.truncated ? (1 as const) : (0 as const),
        received_at: crop.receivedAtMs,
      })),
    )
    .onConflict((conflict) => conflict.columns(['trap_id', 'run_id', 'crop_id']).doNothing())
    .returning(['trap_id', 'run_id', 'crop_id', 'sha256'])
    .execute();
  return new Map(rows.map((row) => [cropKey(cropIdOf(row)), row.sha256]));
}

async function knownHashes(tx: Db, crops: readonly CropId[]): Promise<Map<string, string>> {
  if (!crops.length) return new Map();
  const rows = await tx
    .selectFrom('crops')
    .select(['trap_id', 'run_id', 'crop_id', 'sha256'])
    .where(cropIn(crops))
    .execute();
  return new Map(rows.map((row) => [cropKey(cropIdOf(row)), row.sha256]));
}

async function announcedHashes(tx: Db, crops: readonly CropId[]): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('detections')
    .select(['trap_id', 'run_id', 'crop_id', 'sha256'])
    .where(cropIn(crops))
    .where('sha256', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [cropKey(cropIdOf(row)), row.sha256 as string]));
}

/** A run comes to be with its first crop, and opens again with a late one. */
async function countInRuns(tx: Db, crops: readonly NewCrop[], decideAtMs: number): Promise<RunId[]> {
  const runs = new Map<string, { run: RunId; crops: number; bytes: number; atMs: number }>();
  for (const crop of crops) {
    const sum = runs.get(runKey(crop)) ?? { run: crop, crops: 0, bytes: 0, atMs: crop.receivedAtMs };
    sum.crops += 1;
    sum.bytes += crop.bytes;
    sum.atMs = Math.max(sum.atMs, crop.receivedAtMs);
    runs.set(runKey(crop), sum);
  }
  // One order for all processes, or two transactions could wait for each other.
  const sorted = [...runs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  const rows = await tx
    .insertInto('runs')
    .values(
      sorted.map(({ run, crops: count, bytes, atMs }) => ({
        ...emptyRun(run, atMs),
        stored_crops: count,
        stored_bytes: bytes,
        decide_at: decideAtMs,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['trap_id', 'run_id']).doUpdateSet({
        stored_crops: sql`runs.stored_crops + excluded.stored_crops`,
        stored_bytes: sql`runs.stored_bytes + excluded.stored_bytes`,
        last_received_at: sql`case when excluded.last_received_at > runs.last_received_at then excluded.last_received_at else runs.last_received_at end`,
        state: 'open',
        decide_at: sql`excluded.decide_at`,
      }),
    )
    .returning(['trap_id', 'run_id', 'stored_crops', 'announced_crops', 'end_received_at'])
    .execute();
  return rows
    .filter(
      (row) =>
        row.end_received_at !== null && row.stored_crops >= (row.announced_crops ?? Number.POSITIVE_INFINITY),
    )
    .map(runIdOf);
}

/** A run of which nothing is known yet but that something of it came. */
export function emptyRun(run: RunId, atMs: number) {
  return {
    trap_id: run.trapId,
    run_id: run.runId,
    day: new Date(atMs).toISOString().slice(0, 10),
    clock_suspect: 0 as const,
    extra: '{}',
    stored_crops: 0,
    stored_bytes: 0,
    first_received_at: atMs,
    last_received_at: atMs,
    at_ms: atMs,
    state: 'open' as const,
    decide_at: atMs,
    revision: 0,
  };
}

/** One crop with the day of its run, or undefined. */
export function findCrop(db: Db, crop: CropId) {
  return db
    .selectFrom('crops')
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'crops.trap_id').onRef('runs.run_id', '=', 'crops.run_id'),
    )
    .selectAll('crops')
    .select('runs.day')
    .where('crops.trap_id', '=', crop.trapId)
    .where('crops.run_id', '=', crop.runId)
    .where('crops.crop_id', '=', crop.cropId)
    .executeTakeFirst();
}
