import type { Person } from './people.js';
import type { Db } from './schema.js';

/** One login of a person: what the token that it gave says, and nobody else can make. */
export interface Login {
  readonly id: string;
  readonly personId: string;
  /** That of the person at the time of the login. */
  readonly generation: number;
  readonly expiresAtMs: number;
}

/** Who logged in, as long as that login counts: not ended, and neither removed, disabled nor with a new password since. */
export function personOfLogin(db: Db, login: Login): Promise<Person | undefined> {
  return ofGeneration(db, login.personId, login.generation)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('ended_logins').select('id').where('id', '=', login.id))),
    )
    .executeTakeFirst();
}

/** The person, neither removed nor disabled, and with the password of that time. */
export const personOfGeneration = (
  db: Db,
  personId: string,
  generation: number,
): Promise<Person | undefined> => ofGeneration(db, personId, generation).executeTakeFirst();

const ofGeneration = (db: Db, personId: string, generation: number) =>
  db
    .selectFrom('people')
    .selectAll()
    .where('id', '=', personId)
    .where('generation', '=', generation)
    .where('disabled', '=', 0);

export async function noteLogin(db: Db, personId: string, nowMs: number): Promise<void> {
  await db.updateTable('people').set({ last_login_at: nowMs }).where('id', '=', personId).execute();
}

/** Ends one login; those that have expired by themselves need no note any more. */
export async function endLogin(
  db: Db,
  { id, expiresAtMs }: Pick<Login, 'id' | 'expiresAtMs'>,
  nowMs: number,
): Promise<void> {
  await db.deleteFrom('ended_logins').where('expires_at', '<', nowMs).execute();
  await db
    .insertInto('ended_logins')
    .values({ id, expires_at: expiresAtMs })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
