import { CompiledQuery } from 'kysely';
import { GroupCommit } from '../async/index.js';
import type { Db } from './schema.js';

/** Work waits this long for other work, unless it is urgent. */
const GATHER_MS = 10;
/** So much at most goes into one transaction: it holds up the process from its begin to its commit. */
const MAX_WORK = 16;

type Work = (tx: Db) => Promise<unknown>;
type Outcome = { readonly value: unknown } | { readonly error: unknown };

const SAVEPOINT = CompiledQuery.raw('savepoint work');
const RELEASE = CompiledQuery.raw('release work');
const TAKE_BACK = CompiledQuery.raw('rollback to work');

/**
 * One commit, and so one sync, for all work that comes together. Each piece of work succeeds or fails by itself: what a
 * failed one has written is taken back, and the others are committed.
 */
export class SharedTransaction {
  private readonly group: GroupCommit<Work, Outcome>;

  constructor(db: Db) {
    this.group = new GroupCommit({
      commit: (works) => db.transaction().execute((tx) => doAll(tx, works)),
      gatherMs: GATHER_MS,
      maxItems: MAX_WORK,
    });
  }

  /**
   * @param work may be done more than once, where a commit failed
   * @param isUrgent commits at once, with all that waits
   * @returns what the work returns, once it is committed
   * @throws what the work throws, or why the commit failed
   */
  async execute<T>(work: (tx: Db) => Promise<T>, isUrgent: boolean): Promise<T> {
    const committed = this.group.add(work);
    if (isUrgent) this.group.flush();
    const outcome = await committed;
    if ('error' in outcome) throw outcome.error;
    return outcome.value as T;
  }
}

async function doAll(tx: Db, works: readonly Work[]): Promise<Outcome[]> {
  const [first] = works;
  // Alone it needs no savepoint: the transaction fails with it.
  if (first && works.length === 1) return [{ value: await first(tx) }];
  const outcomes: Outcome[] = [];
  for (const work of works) {
    await tx.executeQuery(SAVEPOINT);
    outcomes.push(await outcomeOf(work, tx));
    await tx.executeQuery(RELEASE);
  }
  return outcomes;
}

async function outcomeOf(work: Work, tx: Db): Promise<Outcome> {
  try {
    return { value: await work(tx) };
  } catch (error) {
    // Where SQLite has taken back the whole transaction, since the disk is full, this fails, and so does all work.
    await tx.executeQuery(TAKE_BACK).catch(() => {
      throw error;
    });
    return { error };
  }
}
