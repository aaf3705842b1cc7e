export {
  allCropFiles,
  type CropFile,
  countAll,
  cropFilesAfter,
  cropFilesOfRuns,
  findCropFile,
  finishCopy,
} from './crop-files.js';
export {
  type CropForArchive,
  type CropForTable,
  cropsForArchive,
  cropsForTable,
  pagesOfCrops,
  reviewedCrops,
} from './crop-pages.js';
export { CropStore, type DamagedPicture } from './crop-store.js';
export { CropsModule } from './crops.module.js';
export { CropsRepository, findCrop } from './crops.repository.js';
export { CropsService } from './crops.service.js';
export { countDamaged, damagedPictures, type LookedFor, noteDamaged, noteWhole } from './damaged-pictures.js';
export {
  ackInbox,
  type InboxCrop,
  oldestInInbox,
  postponeInInbox,
  putBackInInbox,
  segmentsInUse,
} from './inbox.repository.js';
export { CropsDeletedError, type NewCrop, type StoreOutcome, storeCrops } from './store-crops.repository.js';
export { THUMBNAIL_PROGRAM } from './thumbnail-store.js';
