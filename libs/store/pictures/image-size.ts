/** What an image says of itself without being decoded. */
export interface ImageSize {
  /** Pixels, as the header says; the image is not turned. */
  readonly width: number;
  readonly height: number;
  /** The image's own end is missing: stored all the same, and classified if it decodes. What follows the end is ignored. */
  readonly truncated: boolean;
  /** Bytes below which no picture of this size is plausible in this format. */
  readonly leastBytes: number;
  /** How often a decoder goes over all pixels: the scans of a JPEG, otherwise 1. */
  readonly passes: number;
}

/** Up to a megapixel a flat picture may be as small as it likes: decoding it costs next to nothing. */
const FREE_UNITS = 1_000_000;

/**
 * @param units what the format codes, such as pixels or bytes of rows
 * @param unitsPerByte the most that one byte of the file can stand for in a picture that is worth keeping
 */
export const leastBytesFor = (units: number, unitsPerByte: number): number =>
  units <= FREE_UNITS ? 0 : Math.ceil(units / unitsPerByte);
