import type { CropResult, ModelPackage } from '../../libs/classifier/index.js';

/** The model that classifies at present, and the folders of all that are installed. */
export class Models {
  constructor(
    readonly active: ModelPackage | undefined,
    readonly folders: readonly string[],
  ) {}
}

/** What the classifier of this process does. */
export interface ClassifierStatus {
  /** Crops that are with the classifier. */
  readonly classifying: number;
  /** `starting`: also while it is restarted. `failed`: the model cannot be used. `off`: nothing is to be classified here. */
  readonly state: 'off' | 'starting' | 'running' | 'failed';
}

/** The classifier of the crops. Provided by the ingest; absent where this process does not classify, hence `@Optional()`. */
export abstract class Classifier {
  abstract readonly status: ClassifierStatus;
  /** Bytes that an image may have. */
  abstract readonly maxBytes: number;
  /**
   * Classifies an image that is not stored.
   *
   * @param top how many labels are ranked
   * @throws Rejection if it is no image that is accepted; ModelError `busy`, or `closed` while the classifier does not run
   */
  abstract classify(bytes: Buffer, top?: number): Promise<CropResult>;
}
