import { createHash } from 'node:crypto';
import type { Db } from '../../../libs/database/index.js';
import type { ObservedRun } from '../../../libs/domain/index.js';
import {
  archiveName,
  type ListedFile,
  pictureToList,
  StoredZip,
  safeName,
} from '../../../libs/store/index.js';
import { type CropForArchive, cropsForArchive, pagesOfCrops } from '../../crops/index.js';
import { type CropContents, entryTimeMs } from '../../downloads/index.js';
import { trackingRunName } from './tracking-runs.js';

const CROPS_AT_ONCE = 500;

/**
 * The pictures of one tracking run, by their own names and in no folder; none at all where there is no run.
 *
 * @param originals false = without metadata
 */
export async function runArchive(
  db: Db,
  runs: readonly ObservedRun[],
  contents: CropContents,
  originals: boolean,
) {
  const [first] = runs;
  const files: { readonly name: string; readonly file: ListedFile }[] = [];
  for await (const page of pagesOfCrops(db, runs, CROPS_AT_ONCE, cropsForArchive)) {
    for (const { run, crops } of page) {
      // Runs of several traps by one name: each in a folder of its own but the first.
      const folder = run === first ? '' : `${safeName(run.trapId)}/`;
      for (const crop of crops) {
        if (crop.removed_at !== null) continue;
        files.push({ name: `${folder}${safeName(crop.crop_id)}.${crop.format}`, file: listed(run, crop) });
      }
    }
  }
  const zip = new StoredZip(files.map(({ name, file }) => ({ ...contents.entry(file, originals), name })));
  const { date, name } = first ? trackingRunName(first) : { date: 'none', name: 'none' };
  const digest = createHash('sha256')
    .update(JSON.stringify([files, originals]))
    .digest('hex');
  return { zip, etag: `"${digest}"`, fileName: `waskrabbeltda_data_${date}_${name}.zip` };
}

function listed(run: ObservedRun, row: CropForArchive): ListedFile {
  const { trap_id: trapId, run_id: runId, crop_id: cropId, bytes, crc32, format } = row;
  const crop = { trapId, runId, cropId };
  return {
    name: archiveName(crop, run.day, format),
    picture: pictureToList(crop, run.day, format),
    bytes,
    crc32,
    atMs: entryTimeMs(run, row),
  };
}
