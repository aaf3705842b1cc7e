export { cardSchema, type ModelCard, type ModelLabel, modelKey } from './card/card.js';
export { identify } from './card/fetch-source.js';
export { installModel } from './card/install-model.js';
export { ModelError, mayPass } from './card/model-error.js';
export { findModel, listModels, type ModelPackage, openModel, readCard } from './card/model-folders.js';
export { readRegistry } from './card/registry.js';
export { type Continent, taxonomy, taxonomyOf } from './card/taxonomy.js';
export { verifyModel } from './card/verify-model.js';
export {
  type Answers,
  type Calibration,
  type CurvePoint,
  calibrate,
  classifyImages,
  decide,
  type Evaluation,
  evaluate,
  type Interval,
  type Outcome,
  outcomeOf,
} from './evaluate/evaluate-model.js';
export { evaluationPage } from './evaluate/evaluation-page.js';
export { type LabelledImage, labelledImages } from './evaluate/labelled-images.js';
export { ClassifierPool, type PoolOptions } from './pool/classifier-pool.js';
export { classifyFiles } from './pool/classify-files.js';
export type { CropResult } from './pool/crop-result.js';
export type { RankedLabel } from './session/answer.js';
export { type StoredLogits, unpackProbabilities } from './session/stored-logits.js';
