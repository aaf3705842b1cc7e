import { join } from 'node:path';
import type { CropId } from '../../domain/index.js';
import { safeName } from './safe-name.js';

/** Formats that are taken, by the name of their file. */
export type ImageFormat = 'jpg' | 'png' | 'webp';

export const MEDIA_TYPE: Record<ImageFormat, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
};

/**
 * Every path of the image store is made here: `<root>/<trap>/<yyyy-mm-dd>/<run>/<crop>.<format>`, each id as its
 * {@link safeName}.
 *
 * The day is the run's, as the catalog has it: that of its start by the trap's clock, or of its first receipt where
 * that is unknown. From the first crop on it never changes, whatever later metadata say.
 * Ids match the pattern of `domain`, so none of them can leave the folder.
 */
export function cropPath(root: string, crop: CropId, day: string, format: ImageFormat): string {
  return join(root, safeName(crop.trapId), day, safeName(crop.runId), `${safeName(crop.cropId)}.${format}`);
}

/** The plain file of a crop in a data folder. */
export const picturePath = (
  dataDir: string,
  crop: CropId & { readonly day: string; readonly format: ImageFormat },
): string => cropPath(imagesRoot(dataDir), crop, crop.day, crop.format);

/** `<root>/<trap>/<run>/<crop>.<size>.jpg`, where the root is {@link thumbnailsRoot}. */
export function thumbnailPath(root: string, crop: CropId, size: number): string {
  return join(root, safeName(crop.trapId), safeName(crop.runId), `${safeName(crop.cropId)}.${size}.jpg`);
}

/** The folder of the thumbnails. It may be emptied at any time: they are made again. */
export const thumbnailsRoot = (dataDir: string): string => join(dataDir, 'thumbnails');

/** Where crops wait for their plain files. */
export const journalFolder = (dataDir: string): string => join(dataDir, 'inbox');

/** The folder of all images. */
export const imagesRoot = (dataDir: string): string => join(dataDir, 'images');

/** The folder of all pictures in a backup: laid out as that of a data folder, each picture in it once. */
export const backupImages = (backup: string): string => join(backup, 'images');

/** Where downloads keep their lists, so that they can be resumed. Nothing in it is the only one of its kind. */
export const downloadsFolder = (dataDir: string): string => join(dataDir, 'downloads');

/** Files that lay where a picture belongs and are not that picture: moved here and never deleted by the service. */
export const setAsideFolder = (dataDir: string): string => join(dataDir, 'set-aside');

/** Where a crop lies in an archive: by day first, as people look for it. */
export function archiveName(crop: CropId, day: string, format: ImageFormat): string {
  return `${day}/${safeName(crop.trapId)}/${safeName(crop.runId)}/${safeName(crop.cropId)}.${format}`;
}

/** A picture as the image store knows it. */
export interface PictureId {
  readonly crop: CropId;
  /** The day of its run. */
  readonly day: string;
  readonly format: ImageFormat;
}

/**
 * Which picture an entry of an archive is, as far as the list of the archive must say it: undefined where `archiveName`
 * keeps the ids as they are, so that {@link pictureOfArchiveName} finds them.
 */
export function pictureToList(crop: CropId, day: string, format: ImageFormat): PictureId | undefined {
  const isPlain = [crop.trapId, crop.runId, crop.cropId].every((id) => safeName(id) === id);
  return isPlain ? undefined : { crop, day, format };
}

/** What `archiveName` was given, where its ids are their own names; folders before it are passed over. */
export function pictureOfArchiveName(name: string): PictureId {
  const [day = '', trapId = '', runId = '', file = ''] = name.split('/').slice(-4);
  const dot = file.lastIndexOf('.');
  const crop = { trapId, runId, cropId: file.slice(0, dot) };
  return { crop, day, format: file.slice(dot + 1) as ImageFormat };
}
