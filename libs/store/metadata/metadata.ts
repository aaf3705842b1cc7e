/** Bytes of a picture that are no part of what is seen: what the camera noted, and what stands behind the end. */
export interface MetadataPart {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
  /** It stands between two segments, where bytes must not look like a marker. */
  readonly isGap?: true;
  /** Where EXIF begins in it, as a TIFF file. */
  readonly tiffAt?: number;
  /** Where a type of four letters names the part, and which one says that it is to be passed over. */
  readonly type?: { readonly at: number; readonly unused: string };
  /** Where a CRC-32 of type and content stands, as PNG has it. */
  readonly crcAt?: number;
}
