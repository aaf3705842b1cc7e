/** Longer sides of thumbnails, in pixels. */
export const THUMBNAIL_SIZES = [64, 128, 256] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];

const QUALITY = 80;
const PAPER = '#ffffff';

/** The code by which the error is known where it comes from another process. */
export const UNDECODABLE = 'undecodable';

/** These bytes give no picture. */
export class UndecodableImageError extends Error {
  override readonly name = 'UndecodableImageError';
  readonly code = UNDECODABLE;
}

/**
 * A JPEG in which the longer side has at most `size` pixels; what is smaller stays as it is. It stands upright, and
 * nothing that the camera wrote into the original (EXIF, GPS) is in it. A file that was cut off gives as much as there is.
 *
 * @throws UndecodableImageError
 */
export async function makeThumbnail(bytes: Buffer, size: ThumbnailSize): Promise<Buffer> {
  const sharp = await loaded();
  try {
    return await sharp(bytes, { failOn: 'none', sequentialRead: true, limitInputPixels: false })
      .autoOrient()
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: PAPER })
      .jpeg({ quality: QUALITY })
      .toBuffer();
  } catch (cause) {
    throw new UndecodableImageError('the image cannot be decoded', { cause });
  }
}

/** Only in the processes that make thumbnails: it costs memory and the start of every program that knows where images lie. */
async function loaded() {
  const { default: sharp } = await import('sharp');
  // Every picture is another one, and small: nothing to remember, and nothing to share among threads.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}
