import { type Insertable, type Selectable, sql } from 'kysely';
import { cachedOne, cachedQuery, type Db, nextSeq, type OutboxTable } from '../../libs/database/index.js';

export type OutboxRow = Selectable<OutboxTable>;

/** Puts messages out with the transaction that they report on. A waiting one for the same target is replaced. */
export async function putInOutbox(
  tx: Db,
  messages: readonly Omit<Insertable<OutboxTable>, 'seq'>[],
): Promise<void> {
  for (const message of messages) await putOne(tx, { ...message, seq: nextSeq() });
}

const putOne = cachedOne((db, message: Insertable<OutboxTable>) => {
  const { kind, key, topic, retain, payload, seq } = message;
  return db
    .insertInto('outbox')
    .values({ kind, key, topic, retain, payload, seq })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'key']).doUpdateSet({
        // Never the number that it had: a process that is sending the replaced one must not take this one away.
        seq: sql`case when excluded.seq > outbox.seq then excluded.seq else outbox.seq + 1 end`,
        topic: sql`excluded.topic`,
        retain: sql`excluded.retain`,
        payload: sql`excluded.payload`,
      }),
    );
});

export async function oldestInOutbox(db: Db, limit: number): Promise<OutboxRow[]> {
  return (await selectOldest(db, { limit })).rows;
}

const selectOldest = cachedOne((db, { limit }: { readonly limit: number }) =>
  db.selectFrom('outbox').selectAll().orderBy('seq').limit(limit),
);

/** These have gone out; one that was replaced meanwhile stays. */
export async function ackOutbox(db: Db, sent: readonly OutboxRow[]): Promise<void> {
  if (!sent.length) return;
  await deleteSent(db, sent);
}

// PostgreSQL takes what a list of values holds for text.
const deleteSent = cachedQuery((db, sent: readonly OutboxRow[]) =>
  db
    .deleteFrom('outbox')
    .where(
      sql<boolean>`(kind, key, seq) in (values ${sql.join(sent.map((row) => sql`(${row.kind}, ${row.key}, cast(${row.seq} as bigint))`))})`,
    ),
);

/** Keeps what a retained topic says now. */
export async function putRetained(db: Db, topic: string, payload: string): Promise<void> {
  await db
    .insertInto('retained')
    .values({ topic, payload })
    .onConflict((conflict) => conflict.column('topic').doUpdateSet({ payload }))
    .execute();
}

/** The topic says nothing any more. */
export async function dropRetained(db: Db, topic: string): Promise<void> {
  await db.deleteFrom('retained').where('topic', '=', topic).execute();
}

export function listRetained(db: Db) {
  return db.selectFrom('retained').selectAll().orderBy('topic').execute();
}
