import { sql } from 'kysely';
import type { Db } from '../../libs/database/index.js';
import { inFilter, type RunFilter } from './run-list.repository.js';

/** Runs of a filter with the verdict that counts, oldest first, in pages of at most `size`. */
export async function* runsOldestFirst(
  db: Db,
  filter: RunFilter,
  size: number,
): AsyncGenerator<readonly RunInOrder[]> {
  let last: RunInOrder | undefined;
  for (;;) {
    const page = await pageBehind(db, filter, size, last);
    if (page.length) yield page;
    if (page.length < size) return;
    last = page.at(-1);
  }
}

export type RunInOrder = Awaited<ReturnType<typeof pageBehind>>[number];

function pageBehind(db: Db, filter: RunFilter, limit: number, last: LastRun | undefined) {
  return db
    .selectFrom('runs')
    .leftJoin('observations', (join) =>
      join
        .onRef('observations.trap_id', '=', 'runs.trap_id')
        .onRef('observations.run_id', '=', 'runs.run_id')
        .onRef('observations.model', '=', 'runs.model'),
    )
    .selectAll('runs')
    .select('observations.top1_prob_mean')
    .where(inFilter(filter))
    .$if(last !== undefined, (query) =>
      query.where(
        sql<boolean>`(runs.at_ms, runs.trap_id, runs.run_id) > (${last?.at_ms}, ${last?.trap_id}, ${last?.run_id})`,
      ),
    )
    .orderBy('runs.at_ms')
    .orderBy('runs.trap_id')
    .orderBy('runs.run_id')
    .limit(limit)
    .execute();
}

interface LastRun {
  readonly at_ms: number;
  readonly trap_id: string;
  readonly run_id: string;
}
