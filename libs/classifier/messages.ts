import type { ModelCard } from './card.js';
import type { CropResult } from './crop-result.js';
import type { ModelErrorCode } from './model-error.js';

/**
 * An image to classify: a path that the child reads, the bytes themselves, or its pixels as the model takes them, of
 * length height × width × 3.
 */
export type Source = {
  readonly key: string;
  /** How many labels are ranked; the default where nothing is said. */
  readonly top?: number | undefined;
} & (
  | {
      readonly path: string;
      readonly crc32?: number | undefined;
      readonly bytes?: undefined;
      readonly pixels?: undefined;
    }
  | { readonly path?: undefined; readonly bytes: Uint8Array; readonly pixels?: undefined }
  | { readonly path?: undefined; readonly bytes?: undefined; readonly pixels: Uint8Array }
);

/** No answer yet: the image must be decoded apart (see `DecodeApart`), and comes again as pixels. */
export interface Deferred {
  readonly key: string;
  readonly state: 'deferred';
}

export type ChildResult = CropResult | Deferred;

/** Parent to child. Batches are answered in the order in which they came. */
export type ToChild =
  | { readonly type: 'open'; readonly modelPath: string; readonly card: ModelCard }
  | { readonly type: 'batch'; readonly sources: readonly Source[] };

/** Child to parent. */
export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'unusable'; readonly code: ModelErrorCode; readonly message: string }
  | { readonly type: 'results'; readonly results: readonly ChildResult[] };
