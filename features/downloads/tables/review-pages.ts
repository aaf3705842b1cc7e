import { type Selectable, sql } from 'kysely';
import type { Db, Flag, ReviewsTable } from '../../../libs/database/index.js';
import type { ReviewVerdict } from '../../../libs/domain/index.js';
import { decides, inFilter, type RunFilter } from '../../runs/index.js';

export interface ReviewFilter {
  /** Of the runs that were reviewed. */
  readonly runs: RunFilter;
  /** Name of the key or the person. */
  readonly by?: string | undefined;
  readonly verdict?: ReviewVerdict | undefined;
}

/** Where a page ended. */
type ReviewCursor = Pick<Selectable<ReviewsTable>, 'at_ms' | 'trap_id' | 'run_id' | 'review_id'>;

export type ReviewOfRun = Awaited<ReturnType<typeof pageOf>>[number];

/** All that was ever said of these runs, the newest first, in pages of at most `size`. */
export async function* pagesOfReviews(
  db: Db,
  filter: ReviewFilter,
  size: number,
): AsyncGenerator<readonly ReviewOfRun[]> {
  let after: ReviewCursor | undefined;
  for (;;) {
    const page = await pageOf(db, filter, size, after);
    if (page.length) yield page;
    if (page.length < size) return;
    after = page.at(-1);
  }
}

function pageOf(db: Db, { runs, by, verdict }: ReviewFilter, size: number, after?: ReviewCursor) {
  return db
    .selectFrom('reviews')
    .innerJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'reviews.trap_id').onRef('runs.run_id', '=', 'reviews.run_id'),
    )
    .selectAll('reviews')
    .select([
      'runs.start_ms',
      'runs.start_sent',
      sql<Flag>`case when ${decides()} then 1 else 0 end`.as('decides'),
      sql<Flag>`case when exists (select 1 from reviews undoing where undoing.trap_id = reviews.trap_id
        and undoing.run_id = reviews.run_id and undoing.undoes = reviews.review_id) then 1 else 0 end`.as(
        'taken_back',
      ),
    ])
    .where(inFilter(runs))
    .$if(by !== undefined, (query) => query.where('reviews.by_name', '=', by as string))
    .$if(verdict !== undefined, (query) => query.where('reviews.verdict', '=', verdict as ReviewVerdict))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(reviews.at_ms, reviews.trap_id, reviews.run_id, reviews.review_id)
          < (${after?.at_ms}, ${after?.trap_id}, ${after?.run_id}, ${after?.review_id})`,
      ),
    )
    .orderBy('reviews.at_ms', 'desc')
    .orderBy('reviews.trap_id', 'desc')
    .orderBy('reviews.run_id', 'desc')
    .orderBy('reviews.review_id', 'desc')
    .limit(size)
    .execute();
}
