export { adoptNames } from './crops/adopt-names.js';
export { deleteDurably, freeBytes, readIfThere, syncFolder } from './crops/files.js';
export {
  archiveName,
  backupImages,
  cropPath,
  downloadsFolder,
  type ImageFormat,
  imagesRoot,
  journalFolder,
  MEDIA_TYPE,
  type PictureId,
  pictureOfArchiveName,
  picturePath,
  pictureToList,
  setAsideFolder,
  thumbnailPath,
  thumbnailsRoot,
} from './crops/layout.js';
export { prepareFolders } from './crops/prepare-folders.js';
export { safeName } from './crops/safe-name.js';
export {
  type PictureState,
  readPicture,
  readPictureFile,
  type StoredPicture,
} from './crops/stored-picture.js';
export { DiskThread } from './disk/disk-thread.js';
export { fingerprint } from './files/fingerprint.js';
export { Journal, type JournalOffset } from './journal/journal.js';
export { namesPlace, withoutMetadata } from './metadata/without-metadata.js';
export { type ImageHeader, probeImage } from './pictures/probe.js';
export { tooCostly } from './pictures/too-costly.js';
export { THUMBNAIL_SIZES, type ThumbnailSize, UndecodableImageError } from './thumbnails/thumbnail.js';
export { ThumbnailStore, ThumbnailsBusyError } from './thumbnails/thumbnail-store.js';
export { ArchiveFile } from './zip/archive-file.js';
export { StoredZip } from './zip/stored-zip.js';
export { type ListedFile, ZipList } from './zip/zip-list.js';
export { ZipListWriter } from './zip/zip-list-writer.js';
export type { ZipEntry } from './zip/zip-records.js';
