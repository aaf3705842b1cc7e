import { type ClassifierPool, type CropResult, ModelError } from '../../libs/classifier/index.js';
import { Rejection } from '../../libs/protocol/index.js';
import { type ImageHeader, probeImage, tooCostly } from '../../libs/store/index.js';
import type { IngestSettings } from './settings.js';

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

type ImageLimits = Pick<IngestSettings['limits'], 'cropBytes' | 'cropPixels' | 'cropSide'>;

/**
 * What the header of an image says, where these bytes are one that is taken.
 *
 * @throws Refusal `empty`, `too-large`, `not-an-image`, `too-many-pixels`
 */
export function expectImage(bytes: Buffer, limits: ImageLimits): ImageHeader {
  const { cropBytes, cropPixels, cropSide } = limits;
  if (bytes.length === 0)
    throw new Rejection('empty', 'the crop has no bytes: send the image as the payload');
  if (bytes.length > cropBytes)
    throw new Rejection('too-large', `the crop has ${bytes.length} bytes: at most ${cropBytes} are taken`);
  const header = probeImage(bytes);
  if (!header)
    throw new Rejection(
      'not-an-image',
      'the payload is not a JPEG, PNG or WebP image: send the raw bytes of one, not text or base64',
    );
  const why = tooCostly(header, bytes.length, { pixels: cropPixels, side: cropSide });
  if (why) throw new Rejection('too-many-pixels', why);
  return header;
}
