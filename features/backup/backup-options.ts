import type { Catalog, CatalogLocation } from '../../libs/database/index.js';
import type { CopiedPictures } from './copy-pictures.js';

export interface BackupOptions {
  /** The catalog in use, and where it is. */
  readonly live: Catalog;
  readonly place: CatalogLocation;
  /** A folder of earlier backups, or one that is empty or new. */
  readonly folder: string;
  readonly withSecrets: boolean;
  readonly verify: boolean;
  /** So many snapshots stay. */
  readonly keep: number;
  readonly diskReserveBytes: number;
  /** Of this program. */
  readonly version: string;
  readonly onProgress: (soFar: CopiedPictures) => void;
}
