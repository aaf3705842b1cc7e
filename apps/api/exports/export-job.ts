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
  /** The address of a picture, for whoever has a key. */
  readonly pictureUrl: (crop: { trap_id: string; run_id: string; crop_id: string }) => string;
}
