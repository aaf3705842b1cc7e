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

/** Where crops wait for their plain files. */
export const journalFolder = (dataDir: string): string => join(dataDir, 'inbox');

/** The folder of all images. */
export const imagesRoot = (dataDir: string): string => join(dataDir, 'images');
