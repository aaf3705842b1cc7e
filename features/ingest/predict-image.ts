import { Injectable } from '@nestjs/common';
import { type CropResult, ModelError } from '../../libs/classifier/index.js';
import { Classifier, type ClassifierStatus } from '../models/index.js';
import { Ingest } from './ingest.service.js';
import { expectImage } from './receive-crop.js';

/** People send pictures of their own cameras, which are larger than crops. */
const LARGEST_BYTES = 8 * 1024 * 1024;

/** Classifies images that nobody keeps, with the classifier of the crops. */
@Injectable()
export class ImagePredictor extends Classifier {
  /** Bytes that an image may have. */
  readonly maxBytes: number;

  constructor(private readonly ingest: Ingest) {
    super();
    const { limits } = ingest;
    this.maxBytes = Math.max(limits.cropBytes, LARGEST_BYTES);
  }

  get status(): ClassifierStatus {
    return this.ingest.work.classifier;
  }

  /**
   * @param top how many labels are ranked
   * @throws Refusal where it is no image that is taken; ModelError `busy`, or `closed` while the classifier does not run
   */
  async classify(bytes: Buffer, top?: number): Promise<CropResult> {
    expectImage(bytes, { ...this.ingest.limits, cropBytes: this.maxBytes });
    const pool = this.ingest.work.classifiers;
    if (!pool) throw new ModelError('closed', 'the classifier does not run');
    return pool.classifyImage(bytes, top);
  }
}
