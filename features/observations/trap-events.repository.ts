import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db, TrapEventsTable } from '../../libs/database/index.js';
import type { PointName } from '../outbox/index.js';

type TrapEvent = Selectable<TrapEventsTable>;
/** With the taxon of a first sighting; null for other kinds. */
export type TrapEventWithTaxon = TrapEvent & { readonly taxon: string | null };

/**
 * Notes an event, once.
 *
 * @returns false where it is known already; it stays as it is then
 */
export async function recordEvent(tx: Db, event: Insertable<TrapEventsTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('trap_events')
    .values(event)
    .onConflict((conflict) => conflict.columns(['trap_id', 'kind', 'item']).doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0) > 0;
}

/** These events, as far as they are there, by the names of their points. */
export function eventsNamed(db: Db, names: readonly PointName[]): Promise<TrapEventWithTaxon[]> {
  if (!names.length) return Promise.resolve([]);
  const rows = names.map(({ trapId, item }) => {
    const [kind, ...rest] = item.split('/');
    return sql`(${trapId}, ${kind}, ${rest.join('/')})`;
  });
  return db
    .selectFrom('trap_events')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('first_sightings')
        .select('first_sightings.taxon')
        .whereRef('first_sightings.id', '=', 'trap_events.item')
        .as('taxon'),
    )
    .where(sql<boolean>`(trap_id, kind, item) in (values ${sql.join(rows)})`)
    .execute();
}
