import { sql } from 'kysely';
import { type Db, inChunks, runIdOf, runIn } from '../../libs/database/index.js';
import { type RecordedReview, type RunId, runKey } from '../../libs/domain/index.js';
import { toReview } from './run-rows.js';

const RUNS_AT_ONCE = 500;

/** Adds a review to the history of its run, which the caller has locked: nothing in it is ever changed. */
export async function addReview(tx: Db, run: RunId, review: RecordedReview): Promise<void> {
  const { named } = review;
  await tx
    .insertInto('reviews')
    .values({
      trap_id: run.trapId,
      run_id: run.runId,
      review_id: review.id,
      verdict: review.verdict,
      label: named?.label ?? null,
      taxon: named?.taxon ?? null,
      rank: named?.rank ?? null,
      taxon_group: named?.group ?? null,
      insect: named ? (named.insect ? 1 : 0) : null,
      undoes: review.undoes ?? null,
      comment: review.comment,
      by_kind: review.byKind,
      by_name: review.byName,
      at_ms: review.atMs,
      model: review.model,
      model_label: review.modelLabel,
    })
    .execute();
}

/** All reviews of a run, oldest first. */
export async function reviewsOf(db: Db, run: RunId): Promise<RecordedReview[]> {
  const rows = await db
    .selectFrom('reviews')
    .selectAll()
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .orderBy('review_id')
    .execute();
  return rows.map(toReview);
}

/** The same of several runs, by `runKey`; runs without reviews are left out. */
export async function reviewsOfRuns(
  db: Db,
  runs: readonly RunId[],
): Promise<ReadonlyMap<string, readonly RecordedReview[]>> {
  const found = new Map<string, RecordedReview[]>();
  for (const some of inChunks(runs, RUNS_AT_ONCE)) {
    const rows = await db
      .selectFrom('reviews')
      .selectAll()
      .where(runIn(some))
      .orderBy('trap_id')
      .orderBy('run_id')
      .orderBy('review_id')
      .execute();
    for (const row of rows) {
      const key = runKey(runIdOf(row));
      found.set(key, [...(found.get(key) ?? []), toReview(row)]);
    }
  }
  return found;
}

/** True for the review (of the table `reviews`, or of this alias of it) that decides its run: see `decidingReview`. */
export const decides = (table = 'reviews') => {
  const of = (column: string) => sql.ref(`${table}.${column}`);
  return sql<boolean>`(${of('verdict')} <> 'undo' and not exists (select 1 from reviews other
    where other.trap_id = ${of('trap_id')} and other.run_id = ${of('run_id')} and (other.undoes = ${of('review_id')}
      or (other.review_id > ${of('review_id')} and other.verdict <> 'undo' and not exists (select 1 from reviews undoing
        where undoing.trap_id = other.trap_id and undoing.run_id = other.run_id
          and undoing.undoes = other.review_id)))))`;
};
