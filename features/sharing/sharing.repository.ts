import { Injectable } from '@nestjs/common';
import { Catalog } from '../../libs/database/index.js';
import type { Crop, CropId, ObservedRun, Trap } from '../../libs/domain/index.js';
import { findCrop } from '../crops/index.js';
import { findRun } from '../runs/index.js';
import { findTrap } from '../traps/index.js';

/** What a shared page shows. */
export interface SharedRun {
  readonly run: ObservedRun;
  readonly crop: Crop;
  readonly trap: Trap | undefined;
}

@Injectable()
export class SharingRepository {
  constructor(private readonly catalog: Catalog) {}

  /** @returns undefined if the run or the crop is not there any more */
  async find(id: CropId): Promise<SharedRun | undefined> {
    const { reader } = this.catalog;
    const run = await findRun(reader, id);
    const crop = await findCrop(reader, id);
    return run && crop && { run, crop, trap: await findTrap(reader, id.trapId) };
  }
}
