import { type Receipt, receiptOf } from '../domain/index.js';
import { countDamagedOf } from './damaged-pictures.js';
import { refusedCrops } from './dead-letters.js';
import { manifestOf } from './detections.js';
import type { RunRow } from './runs.js';
import type { Db } from './schema.js';

/** The answer to the `end` of this run, by what is stored of it now. */
export async function receiptOfRun(db: Db, row: RunRow): Promise<Receipt> {
  const run = { trapId: row.trap_id, runId: row.run_id };
  const manifest = await manifestOf(db, run);
  const stored = manifest.filter((entry) => entry.stored).map((entry) => entry.crop);
  const hashDiffers = manifest
    .filter((entry) => entry.hashDiffers)
    // What is stored stays: what the manifest announces would be refused, however often it came.
    .map((entry) => ({ crop: entry.crop, code: 'crop-conflict' }));
  const storedCrops = row.stored_crops - (await countDamagedOf(db, run));
  const receipt = receiptOf({
    manifest: manifest.map((entry) => entry.crop),
    announced: row.announced_crops ?? 0,
    isManifestWhole: row.manifest_parts === null || manifest.length >= (row.announced_crops ?? 0),
    stored: [...stored, ...unnamed(storedCrops - stored.length)],
    rejected: [...(await refusedCrops(db, run)), ...hashDiffers],
  });
  return { ...receipt, have: storedCrops };
}

/** Crops that are stored although no manifest names them count, too. */
const unnamed = (count: number): string[] => Array.from({ length: Math.max(0, count) }, (_, i) => `/${i}`);
