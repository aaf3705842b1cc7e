import type { CropId } from './ids.js';

/** One picture of the insect, cut out of a frame by the trap. */
export interface Crop extends CropId {
  /** The day of its run: names the folder of the picture. */
  readonly day: string;
  readonly stage: 'inbox' | 'waiting' | 'done';
  readonly format: 'jpg' | 'png' | 'webp';
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Of its bytes. */
  readonly crc32: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The file ends before its image does. */
  readonly truncated: boolean;
  readonly receivedAtMs: number;
  /** When its picture was removed for good; what is known of it stays. */
  readonly removedAtMs: number | null;
  /** Since when its picture is known to be missing or damaged on the disk. */
  readonly damagedAtMs: number | null;
}

/** What the trap's detector reported about a crop in its manifest. */
export interface Detection {
  readonly atMs: number | null;
  /** In [0, 1]. */
  readonly confidence: number | null;
  /** xMin, yMin, xMax, yMax, relative to the frame. */
  readonly box: readonly number[] | null;
  /** The entry of the manifest, as the trap sent it. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** What a model answered to a crop. */
export interface Classification {
  /** Best first; empty if the crop could not be classified. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
  /** Why it has no labels. */
  readonly code: string | null;
  readonly classifiedAtMs: number;
}

/** A crop with what its trap and one model have reported about it, as far as they have. */
export interface ClassifiedCrop extends Crop {
  readonly detection: Detection | null;
  readonly classification: Classification | null;
}
