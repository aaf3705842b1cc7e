import type { Catalog, Db } from '../../../libs/catalog/index.js';
import { Problem } from '../problem.js';

/**
 * Does a change of accounts, unless nobody were left who could undo it.
 *
 * @throws Problem 409 where no key and no person would be an administrator any more; nothing has changed then
 */
export function keepingAnAdmin<T>({ db }: Catalog, change: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const done = await change(tx);
    if (!(await hasAdmin(tx)))
      throw new Problem(
        409,
        'conflict',
        'Nobody would be an administrator any more: make another one first.',
      );
    return done;
  });
}

async function hasAdmin(db: Db): Promise<boolean> {
  const key = await db
    .selectFrom('accounts')
    .select('name')
    .where('kind', '=', 'key')
    .where('role', '=', 'admin')
    .limit(1)
    .executeTakeFirst();
  const person = await db
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .limit(1)
    .executeTakeFirst();
  return key !== undefined || person !== undefined;
}
