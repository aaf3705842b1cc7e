import { type Insertable, type Selectable, sql } from 'kysely';
import { type Db, inChunks, type ReviewsTable, runIdOf, runIn } from '../../libs/database/index.js';
import { type DecidedTaxon, type Review, type RunId, runKey } from '../../libs/domain/index.js';

export type ReviewRow = Selectable<ReviewsTable>;

const RUNS_AT_ONCE = 500;

/** Adds a review to the history of its run, which the caller holds: nothing in it is ever changed. */
export async function addReview(tx: Db, row: Insertable<ReviewsTable>): Promise<void> {
  await tx.insertInto('reviews').values(row).execute();
}

/** All that people said of a run, oldest first. */
export function reviewsOf(db: Db, run: RunId): Promise<ReviewRow[]> {
  return db
    .selectFrom('reviews')
    .selectAll()
    .where('trap_id', '=', run.trapId)
    .where('run_id', '=', run.runId)
    .orderBy('review_id')
    .execute();
}

/** The same of several runs, by their keys (`runKey`); one that nobody has reviewed is left out. */
export async function reviewsOfRuns(db: Db, runs: readonly RunId[]): Promise<Map<string, ReviewRow[]>> {
  const found = new Map<string, ReviewRow[]>();
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
      found.set(key, [...(found.get(key) ?? []), row]);
    }
  }
  return found;
}

/** A review as the rules have it. */
export const reviewOf = (row: ReviewRow): Review => ({
  id: row.review_id,
  verdict: row.verdict,
  named: nameIn(row),
  undoes: row.undoes ?? undefined,
});

const nameIn = (row: ReviewRow): DecidedTaxon | undefined =>
  row.label === null
    ? undefined
    : {
        label: row.label,
        taxon: row.taxon ?? undefined,
        rank: row.rank ?? undefined,
        group: row.taxon_group ?? undefined,
        insect: row.insect === 1,
      };

/** True for the review (of the table `reviews`, or of this alias of it) that decides its run: see `decidingReview`. */
export const decides = (table = 'reviews') => {
  const of = (column: string) => sql.ref(`${table}.${column}`);
  return sql<boolean>`(${of('verdict')} <> 'undo' and not exists (select 1 from reviews other
    where other.trap_id = ${of('trap_id')} and other.run_id = ${of('run_id')} and (other.undoes = ${of('review_id')}
      or (other.review_id > ${of('review_id')} and other.verdict <> 'undo' and not exists (select 1 from reviews undoing
        where undoing.trap_id = other.trap_id and undoing.run_id = other.run_id
          and undoing.undoes = other.review_id)))))`;
};
