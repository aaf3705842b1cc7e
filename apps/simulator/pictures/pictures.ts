import type { SeenKind } from '../season/season.js';

/** Which picture is meant: the same names give the same bytes. */
export interface PictureName {
  readonly kind: string;
  /** Which insect. */
  readonly individual: string;
  /** Which picture of it; no two crops have the same. */
  readonly pose: string;
}

/** Where the crops of a season come from. */
export interface Pictures {
  readonly kinds: readonly SeenKind[];
  of(name: PictureName): Promise<Buffer>;
}
