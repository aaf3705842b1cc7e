import { sql } from 'kysely';
import { cachedOne, type Db, number } from '../../libs/database/index.js';
import { type Receipt, type Run, type RunId, receiptOf } from '../../libs/domain/index.js';
import { WHOLE_RUN } from './deleted.repository.js';
import { manifestOf } from './detections.repository.js';

/**
 * The answer to the `end` of this run, by what is stored of it now.
 *
 * @param rejected its {@link rejectedCrops}, where the caller has them already
 */
export async function receiptOfRun(
  db: Db,
  run: RunId & Pick<Run, 'storedCrops' | 'announcedCrops' | 'manifestParts'>,
  rejected?: RejectedCrops,
): Promise<Receipt> {
  const manifest = await manifestOf(db, run);
  const stored = manifest.filter((entry) => entry.stored).map((entry) => entry.crop);
  const hashDiffers = manifest
    .filter((entry) => entry.hashDiffers)
    // What is stored stays: what the manifest announces would be refused, however often it came.
    .map((entry) => ({ crop: entry.crop, code: 'crop-conflict' }));
  const storedCrops = run.storedCrops - (await countDamagedOf(db, run));
  const receipt = receiptOf({
    manifest: manifest.map((entry) => entry.crop),
    announced: run.announcedCrops ?? 0,
    isManifestWhole: run.manifestParts === null || manifest.length >= (run.announcedCrops ?? 0),
    stored: [...stored, ...unnamed(storedCrops - stored.length)],
    rejected: [...(rejected ?? (await rejectedCrops(db, run))), ...hashDiffers],
  });
  return { ...receipt, have: storedCrops };
}

/** Crops that are stored although no manifest names them count, too. */
const unnamed = (count: number): string[] => Array.from({ length: Math.max(0, count) }, (_, i) => `/${i}`);

/** Refused because of how they came, not of what they are: the same crop may still come as it should be. */
const MAY_COME_RIGHT = ['hash-mismatch', 'empty'];

type RejectedCrops = readonly { readonly crop: string; readonly code: string }[];

/** The crops of a run that were rejected for good and are not stored, each with its first code. */
export async function rejectedCrops(db: Db, run: RunId): Promise<RejectedCrops> {
  const { rows } = await selectRejected(db, run);
  const codes = new Map<string, string>();
  // What was deleted is never taken again, whether it was sent again or not.
  for (const { crop_id: crop, code } of rows)
    if (code === DELETED || codes.get(crop) !== DELETED) codes.set(crop, code);
  return [...codes].map(([crop, code]) => ({ crop, code })).sort((a, b) => (a.crop < b.crop ? -1 : 1));
}

const DELETED = 'deleted';

const selectRejected = cachedOne((db, run: RunId) =>
  db
    .selectFrom('dead_letters')
    .leftJoin('crops', (join) =>
      join
        .onRef('crops.trap_id', '=', 'dead_letters.trap_id')
        .onRef('crops.run_id', '=', 'dead_letters.run_id')
        .onRef('crops.crop_id', '=', 'dead_letters.crop_id'),
    )
    .select([sql<string>`dead_letters.crop_id`.as('crop_id'), sql<string>`min(dead_letters.code)`.as('code')])
    .where('dead_letters.trap_id', '=', run.trapId)
    .where('dead_letters.run_id', '=', run.runId)
    .where('dead_letters.crop_id', 'is not', null)
    .where('dead_letters.code', 'not in', MAY_COME_RIGHT)
    .where('crops.crop_id', 'is', null)
    .groupBy('dead_letters.crop_id')
    .unionAll(
      db
        .selectFrom('deletions')
        .select(['crop_id', sql<string>`${sql.lit(DELETED)}`.as('code')])
        .where('trap_id', '=', run.trapId)
        .where('run_id', '=', run.runId)
        .where('crop_id', '<>', WHOLE_RUN),
    ),
);

/** How many of a run's stored crops are damaged. */
async function countDamagedOf(db: Db, run: RunId): Promise<number> {
  return number((await selectDamagedOf(db, run)).rows[0]?.crops);
}

const selectDamagedOf = cachedOne((db, run: RunId) =>
  db
    .selectFrom('crops')
    .select(sql<number>`count(*)`.as('crops'))
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .where('damaged_at', 'is not', null),
);
