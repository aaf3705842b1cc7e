import type { Db, RunFilter } from '../../../libs/catalog/index.js';
import type { Dataset } from './dataset.js';
import type { LabelBook } from './label-book.js';

/** What an export in one of the field's formats is made of. */
export interface ExportJob {
  /** The catalog at one moment. */
  readonly db: Db;
  readonly filter: RunFilter;
  /** The filter as text; empty for everything. */
  readonly filterText: string;
  /** Whether the asker may know exact places. */
  readonly exact: boolean;
  readonly nowMs: number;
  readonly book: LabelBook;
  readonly dataset: Dataset;
  /** Of the whole dataset, the same at every export. */
  readonly datasetId: string;
  /** Of the service. */
  readonly version: string;
  /** The address of a picture, for those who have a key; undefined where others cannot reach the service. */
  readonly pictureUrl: (crop: NamedCrop) => string | undefined;
  /** The address of a small picture that opens without a key; undefined where there is none. */
  readonly openPictureUrl: (crop: NamedCrop) => string | undefined;
}

interface NamedCrop {
  readonly trap_id: string;
  readonly run_id: string;
  readonly crop_id: string;
}
