import { setImmediate } from 'node:timers/promises';
import {
  type CropForArchive,
  cropsForArchive,
  type Db,
  pagesOfCrops,
  type RunWithObservation,
} from '../../../libs/catalog/index.js';
import {
  archiveName,
  type ListedFile,
  pictureToList,
  type ZipListWriter,
} from '../../../libs/images/index.js';
import { aroundRuns, type RunAround } from './around-run.js';
import { type Column, csvHeader, csvRows } from './csv.js';
import { type ImageCounts, imagesReadme, type ReadmeFacts } from './images-readme.js';
import { entryTimeMs } from './local-time.js';

const CROPS_AT_ONCE = 500;

/** What goes into an archive of pictures. */
export interface WantedImages {
  readonly db: Db;
  readonly runs: AsyncIterable<readonly RunWithObservation[]>;
  readonly columns: readonly Column<RunAround>[];
  readonly facts: Omit<ReadmeFacts, 'counts'>;
}

/** Lists the pictures of these runs, with `runs.csv` and `README.txt` behind them, and lets others work between pages. */
export async function listImages(
  { db, runs, columns, facts }: WantedImages,
  list: ZipListWriter,
  stopped: AbortSignal,
): Promise<void> {
  const counts: ImageCounts = { runs: 0, crops: 0, removed: 0 };
  const table = await list.openFile('runs.csv');
  try {
    await table.write(csvHeader(columns));
    for await (const page of runs) {
      await table.write(csvRows(columns, await aroundRuns(db, page)));
      counts.runs += page.length;
      for await (const crops of pagesOfCrops(db, page, CROPS_AT_ONCE, cropsForArchive)) {
        const files = crops.flatMap((its) => its.crops.map((crop) => listed(its.run, crop)));
        const there = files.filter((file) => file !== undefined);
        counts.crops += there.length;
        counts.removed += files.length - there.length;
        await list.add(there);
        await setImmediate();
        stopped.throwIfAborted();
      }
    }
    await table.close(facts.atMs);
  } catch (error) {
    await table.abandon();
    throw error;
  }
  await list.addText('README.txt', imagesReadme({ ...facts, counts }), facts.atMs, false);
}

/** Undefined where the picture was removed. */
function listed(run: RunWithObservation, row: CropForArchive): ListedFile | undefined {
  if (row.removed_at !== null) return undefined;
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
