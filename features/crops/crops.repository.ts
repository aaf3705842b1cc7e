import { Injectable } from '@nestjs/common';
import { Catalog, type Db } from '../../libs/database/index.js';
import type { Crop, CropId } from '../../libs/domain/index.js';
import { findDeletion, toCrop } from '../runs/index.js';

/** Crops for readers. */
@Injectable()
export class CropsRepository {
  constructor(private readonly catalog: Catalog) {}

  find(crop: CropId): Promise<Crop | undefined> {
    return findCrop(this.catalog.reader, crop);
  }

  /** When the crop was deleted for good, by itself or with its run; undefined if it was not. */
  async deletedAtMs(crop: CropId): Promise<number | undefined> {
    return (await findDeletion(this.catalog.reader, crop))?.atMs;
  }
}

export async function findCrop(db: Db, crop: CropId): Promise<Crop | undefined> {
  const row = await db
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
  return row && { ...toCrop(row), day: row.day };
}
