import type { Db } from '../../libs/database/index.js';
import type { CropId, RunId } from '../../libs/domain/index.js';
import { iso, notFound, Problem } from '../http/index.js';
import { findDeletion } from './deleted.repository.js';

/** Why there is no such run: 410 if it was deleted for good, otherwise 404. */
export const missingRun = async (db: Db, run: RunId): Promise<Problem> =>
  noSuchRun(run, (await findDeletion(db, run))?.atMs);

/** The same of a crop. */
export const missingCrop = async (db: Db, crop: CropId): Promise<Problem> =>
  noSuchCrop(crop, (await findDeletion(db, crop))?.atMs);

/** @param deletedAtMs when it was deleted for good; undefined if it was not */
export const noSuchRun = (run: RunId, deletedAtMs: number | undefined): Problem =>
  noSuch(`run ${run.runId} of trap ${run.trapId}`, deletedAtMs);

/** The same of a crop. */
export const noSuchCrop = (crop: CropId, deletedAtMs: number | undefined): Problem =>
  noSuch(`crop ${crop.cropId} of run ${crop.runId} of trap ${crop.trapId}`, deletedAtMs);

const noSuch = (name: string, deletedAtMs: number | undefined): Problem =>
  deletedAtMs === undefined
    ? notFound(`There is no ${name}.`)
    : new Problem(410, 'deleted', `The ${name} was deleted for good at ${iso(deletedAtMs)}.`);
