import { join } from 'node:path';
import type { CropId } from '../domain/index.js';

/** Formats that are taken, by the name of their file. */
export type ImageFormat = 'jpg' | 'png' | 'webp';

export const MEDIA_TYPE: Record<ImageFormat, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
};

/**
 * Every path of the image store is made here: `<root>/<trap>/<yyyy-mm-dd>/<run>/<crop>.<format>`.
 *
 * The day is the run's, as the catalog has it: that of its start by the trap's clock, or of its first receipt where
 * that is unknown. From the first crop on it never changes, whatever later metadata say.
 * Ids match the pattern of `domain`, so none of them can leave the folder.
 */
export function cropPath(root: string, crop: CropId, day: string, format: ImageFormat): string {
  return join(root, crop.trapId, day, crop.runId, `${crop.cropId}.${format}`);
}

/** `<root>/<trap>/<run>/<crop>.<size>.jpg`, where the root is {@link thumbnailsRoot}. */
export function thumbnailPath(root: string, crop: CropId, size: number): string {
  return join(root, crop.trapId, crop.runId, `${crop.cropId}.${size}.jpg`);
}

/** The folder of the thumbnails. It may be emptied at any time: they are made again. */
export const thumbnailsRoot = (dataDir: string): string => join(dataDir, 'thumbnails');

/** Where crops wait for their plain files. */
export const journalFolder = (dataDir: string): string => join(dataDir, 'inbox');

/** The folder of all images. */
export const imagesRoot = (dataDir: string): string => join(dataDir, 'images');

/** Where downloads keep their lists, so that they can be resumed. Nothing in it is the only one of its kind. */
export const downloadsFolder = (dataDir: string): string => join(dataDir, 'downloads');

/** Where a crop lies in an archive: by day first, as people look for it. */
export function archiveName(crop: CropId, day: string, format: ImageFormat): string {
  return `${day}/${crop.trapId}/${crop.runId}/${crop.cropId}.${format}`;
}

/** What `archiveName` was given; folders before it are passed over. */
export function cropOfArchiveName(name: string): { crop: CropId; day: string; format: ImageFormat } {
  const [day = '', trapId = '', runId = '', file = ''] = name.split('/').slice(-4);
  const dot = file.lastIndexOf('.');
  const crop = { trapId, runId, cropId: file.slice(0, dot) };
  return { crop, day, format: file.slice(dot + 1) as ImageFormat };
}
