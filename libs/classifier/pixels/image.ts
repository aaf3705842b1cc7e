/** A decoded image: 8 bit RGB, row by row from the top, `pixels` of length width × height × 3. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}
