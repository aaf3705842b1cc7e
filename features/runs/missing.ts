import type { Db } from '../../libs/database/index.js';
import type { CropId, RunId } from '../../libs/domain/index.js';
import { iso, notFound, Problem } from '../http/index.js';
import { findDeletion } from './deleted.repository.js';

/** Why there is no such run: 410 where it was deleted for good, else 404. */
export async function missingRun(db: Db, run: RunId): Promise<Problem> {
  const name = `run ${run.runId} of trap ${run.trapId}`;
  return (await deleted(db, run, name)) ?? notFound(`There is no ${name}.`);
}

/** The same of a crop. */
export async function missingCrop(db: Db, crop: CropId): Promise<Problem> {
  const name = `crop ${crop.cropId} of run ${crop.runId} of trap ${crop.trapId}`;
  return (await deleted(db, crop, name)) ?? notFound(`There is no ${name}.`);
}

async function deleted(
  db: Db,
  what: RunId & { readonly cropId?: string },
  name: string,
): Promise<Problem | undefined> {
  const found = await findDeletion(db, what);
  return found && new Problem(410, 'deleted', `The ${name} was deleted for good at ${iso(found.atMs)}.`);
}
