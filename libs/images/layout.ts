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
 * The day is that of the run's first receipt (UTC): it never changes, whatever a trap's clock or later metadata say.
 * Ids match the pattern of `domain`, so none of them can leave the folder.
 */
export function cropPath(root: string, crop: CropId, day: string, format: ImageFormat): string {
  return join(root, crop.trapId, day, crop.runId, `${crop.cropId}.${format}`);
}

/** @returns `yyyy-mm-dd` in UTC */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The folder of all images. */
export const imagesRoot = (dataDir: string): string => join(dataDir, 'images');
