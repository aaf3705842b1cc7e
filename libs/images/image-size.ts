/** What the header of an image says of it. */
export interface ImageSize {
  /** Pixels, as the header says; the image is not decoded, nor turned. */
  readonly width: number;
  readonly height: number;
  /** The file ends before its image does: stored all the same, and classified if it decodes. */
  readonly truncated: boolean;
}
