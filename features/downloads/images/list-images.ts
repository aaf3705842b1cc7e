import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../../libs/database/index.js';
import type { ObservedRun } from '../../../libs/domain/index.js';
import {
  archiveName,
  type ListedFile,
  pictureToList,
  type ZipListWriter,
} from '../../../libs/store/index.js';
import { plural } from '../../../libs/text/index.js';
import { type CropForArchive, cropsForArchive, pagesOfCrops } from '../../crops/index.js';
import { iso } from '../../http/index.js';
import { type Column, csvHeader, csvRows } from '../tables/csv.js';
import { entryTimeMs } from '../tables/local-time.js';
import { aroundRuns, type RunAround } from '../tables/run-context.js';

const CROPS_AT_ONCE = 500;

/** What goes into an archive of pictures. */
interface ImagesRequest {
  readonly db: Db;
  readonly runs: AsyncIterable<readonly ObservedRun[]>;
  readonly columns: readonly Column<RunAround>[];
  readonly facts: Omit<ReadmeFacts, 'counts'>;
}

/** Lists the pictures of these runs, with `runs.csv` and `README.txt` behind them, and lets others work between pages. */
export async function listImages(
  { db, runs, columns, facts }: ImagesRequest,
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
function listed(run: ObservedRun, row: CropForArchive): ListedFile | undefined {
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

interface ImageCounts {
  runs: number;
  crops: number;
  /** Left out, since retention has removed them. */
  removed: number;
}

interface ReadmeFacts {
  /** As `filterText` says it; empty for everything. */
  readonly filter: string;
  readonly atMs: number;
  readonly version: string;
  readonly exactPlaces: boolean;
  readonly counts: ImageCounts;
}

/** What somebody who finds the archive in a year must know of it. */
function imagesReadme({ filter, atMs, version, exactPlaces, counts }: ReadmeFacts): string {
  const { runs, crops, removed } = counts;
  const places = exactPlaces ? 'exactly.' : 'rounded to 0.1 degree.';
  return `Pictures of insect camera traps

Made by    Trapline ${version}
As of      ${iso(atMs)}
Filter     ${filter || 'none: everything'}
Runs       ${runs}
Pictures   ${crops}
${removed ? `Left out   ${plural(removed, 'picture that was', 'pictures that were')} removed for good before; what is known of them stands in runs.csv\n` : ''}
Pictures   <date>/<trap>/<run>/<crop>.jpg. A run is one visit of one insect; its pictures are parts of frames,
           byte for byte as the trap sent them. The date is that of the run by the trap's clock.
runs.csv   One row per run, also for those without pictures: when, where, how long, and the verdict that counts.
           Times end in Z and are UTC; startLocal is the trap's clock. Places are given ${places}
           Where a text would begin a formula, a ' stands before it.

Licence    Trapline knows no licence of these pictures, and its own does not cover them: ask who runs the traps
           before you pass them on.
`;
}
