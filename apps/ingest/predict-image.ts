import { type ClassifierPool, type CropResult, ModelError } from '../../libs/classifier/index.js';
import { expectImage, type ImageLimits } from './expect-image.js';

/** People send pictures of their own cameras, which are larger than crops. */
const LARGEST_BYTES = 8 * 1024 * 1024;

/** Classifies images that nobody keeps, with the classifier of the crops. */
export class ImagePredictor {
  /** Bytes that an image may have. */
  readonly maxBytes: number;

  constructor(
    private readonly limits: ImageLimits,
    private readonly pool: () => ClassifierPool | undefined,
  ) {
    this.maxBytes = Math.max(limits.cropBytes, LARGEST_BYTES);
  }

  /**
   * @param top how many labels are ranked
   * @throws Refusal where it is no image that is taken; ModelError `busy`, or `closed` while the classifier does not run
   */
  async classify(bytes: Buffer, top?: number): Promise<CropResult> {
    expectImage(bytes, { ...this.limits, cropBytes: this.maxBytes });
    const pool = this.pool();
    if (!pool) throw new ModelError('closed', 'the classifier does not run');
    return pool.classifyImage(bytes, top);
  }
}
