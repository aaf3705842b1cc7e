import type { Answer } from '../session/answer.js';

/** Where a crop's bytes are. `key` is the caller's own, unique among the crops under way. */
export interface CropRef {
  readonly key: string;
  readonly path: string;
  /** Of the bytes that should be there; not compared where it is left out. */
  readonly crc32?: number;
  /** Whose it is, such as the trap: where pictures must be decoded apart, groups take turns. */
  readonly group?: string;
}

/**
 * Why a crop has no answer.
 *
 * - `undecodable`: a verdict, the bytes are no image
 * - `quarantined`: a verdict, the model breaks on it or gives no numbers
 * - `missing`: no verdict, the file could not be read; `message` says whether it is not there (ENOENT) or the
 *   disk failed, `errno` says it for programs, `EBADMSG` where its bytes are not those of `crc32`. Offer it again later.
 */
type CropFailure = 'undecodable' | 'missing' | 'quarantined';

/** What became of one crop. */
export type CropResult =
  | ({ readonly key: string; readonly state: 'classified' } & Answer)
  | {
      readonly key: string;
      readonly state: 'failed';
      readonly code: CropFailure;
      readonly message: string;
      readonly errno?: string;
    };

export type FailedCrop = Extract<CropResult, { readonly state: 'failed' }>;

export function failed(key: string, code: CropFailure, message: string, errno?: string): FailedCrop {
  return { key, state: 'failed', code, message, ...(errno && { errno }) };
}
