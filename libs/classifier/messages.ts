import type { ModelCard } from './card.js';
import type { CropResult } from './crop-result.js';
import type { ModelErrorCode } from './model-error.js';

/** An image to classify: a path that the child reads, or the bytes themselves. */
export type Source = { readonly key: string } & (
  | { readonly path: string; readonly crc32?: number | undefined; readonly bytes?: undefined }
  | { readonly path?: undefined; readonly bytes: Uint8Array }
);

/** Parent to child. Batches are answered in the order in which they came. */
export type ToChild =
  | { readonly type: 'open'; readonly modelPath: string; readonly card: ModelCard }
  | { readonly type: 'batch'; readonly sources: readonly Source[] };

/** Child to parent. */
export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'unusable'; readonly code: ModelErrorCode; readonly message: string }
  | { readonly type: 'results'; readonly results: readonly CropResult[] };
