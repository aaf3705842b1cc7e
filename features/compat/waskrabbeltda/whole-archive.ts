import { setImmediate } from 'node:timers/promises';
import type { Catalog, Db } from '../../../libs/database/index.js';
import type { CropId, ObservedRun } from '../../../libs/domain/index.js';
import { type ImageFormat, pictureToList, safeName, type ZipListWriter } from '../../../libs/store/index.js';
import { cropsForArchive, findCrop, pagesOfCrops } from '../../crops/index.js';
import { type Column, csvHeader, csvRows, entryTimeMs, type PlaceOf } from '../../downloads/index.js';
import { runIdsOf, TRACKING_RUN, trackingRunName, trackingRunView } from './tracking-runs.js';

const CROPS_AT_ONCE = 500;
const TABLE = 'classification_data.csv';

type Row = ReturnType<typeof trackingRunView>;
const COLUMNS = Object.keys(TRACKING_RUN.shape).map(
  (name): Column<Row> => ({ name, of: (row) => row[name as keyof Row] }),
);

/**
 * Everything, as that system keeps it on its disk: its table, and `<date>/<tracking run>/<file>`. Where several traps
 * are meant, each has a folder of its own.
 */
export class WholeArchive {
  constructor(
    private readonly catalog: Catalog,
    private readonly trapId: string | undefined,
  ) {}

  async fill(
    db: Db,
    list: ZipListWriter,
    pages: AsyncIterable<readonly ObservedRun[]>,
    nowMs: number,
    stopped: AbortSignal,
  ): Promise<void> {
    const table = await list.openFile(TABLE);
    try {
      await table.write(csvHeader(COLUMNS));
      for await (const runs of pages) {
        const classified = runs.filter(({ label }) => label !== null);
        await table.write(csvRows(COLUMNS, classified.map(trackingRunView)));
        await this.addPictures(db, list, runs, stopped);
      }
      await table.close(nowMs);
    } catch (error) {
      await table.abandon();
      throw error;
    }
  }

  /** Finds by the name of an entry the crop that it is. */
  readonly placeOf: PlaceOf = async (path) => {
    const [file = '', name = '', date = '', trap] = path.split('/').reverse();
    const dot = file.lastIndexOf('.');
    const format = file.slice(dot + 1) as ImageFormat;
    const trapId = trap ?? this.trapId ?? '';
    for (const runId of runIdsOf({ date, name })) {
      const crop: CropId = { trapId, runId, cropId: file.slice(0, dot) };
      const row = await findCrop(this.catalog.reader, crop);
      if (row) return { crop, day: row.day, format };
    }
    throw new Error(`no crop is meant by ${path}`);
  };

  private async addPictures(
    db: Db,
    list: ZipListWriter,
    runs: readonly ObservedRun[],
    stopped: AbortSignal,
  ): Promise<void> {
    for await (const page of pagesOfCrops(db, runs, CROPS_AT_ONCE, cropsForArchive)) {
      for (const { run, crops } of page) {
        const { date, name } = trackingRunName(run);
        const folder = `${this.trapId === undefined ? `${safeName(run.trapId)}/` : ''}${date}/${safeName(name)}`;
        const there = crops.filter(({ removed_at }) => removed_at === null);
        await list.add(
          there.map((crop) => ({
            name: `${folder}/${safeName(crop.crop_id)}.${crop.format}`,
            picture: pictureToList(
              { trapId: run.trapId, runId: run.runId, cropId: crop.crop_id },
              run.day,
              crop.format,
            ),
            bytes: crop.bytes,
            crc32: crop.crc32,
            atMs: entryTimeMs(run, crop),
          })),
        );
      }
      await setImmediate();
      stopped.throwIfAborted();
    }
  }
}
