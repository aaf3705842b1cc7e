import { Injectable } from '@nestjs/common';
import type { Crop, CropId } from '../../libs/domain/index.js';
import { withoutMetadata } from '../../libs/store/index.js';
import { noSuchCrop } from '../runs/index.js';
import { CropStore } from './crop-store.js';
import { CropsRepository } from './crops.repository.js';

@Injectable()
export class CropsService {
  constructor(
    private readonly repository: CropsRepository,
    private readonly store: CropStore,
  ) {}

  find(id: CropId): Promise<Crop | undefined> {
    return this.repository.find(id);
  }

  /** @throws Problem 404, or 410 if it was deleted for good */
  async expect(id: CropId): Promise<Crop> {
    const crop = await this.repository.find(id);
    if (!crop) throw noSuchCrop(id, await this.repository.deletedAtMs(id));
    return crop;
  }

  /**
   * A crop that still has its picture.
   *
   * @throws Problem 404; 410 if the crop was deleted for good, or its picture removed
   */
  async expectPicture(id: CropId): Promise<Crop> {
    const crop = await this.expect(id);
    await this.store.expectPicture(crop);
    return crop;
  }

  /**
   * The picture without what the camera wrote into it.
   *
   * @returns undefined if it has no metadata: then everybody gets the original
   * @throws as `CropStore.open`
   */
  async withoutMetadata(crop: Crop): Promise<Buffer | undefined> {
    const original = await this.store.open(crop);
    const bare = withoutMetadata(original, crop.format);
    return bare === original ? undefined : bare;
  }
}
