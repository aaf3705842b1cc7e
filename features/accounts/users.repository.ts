import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db, Language, UsersTable } from '../../libs/database/index.js';
import { trapsText } from './seen-traps.js';

export type Person = Selectable<UsersTable>;

const NAME = /^[a-z0-9][a-z0-9_.@-]{0,63}$/;

/** What a person logs in with: 1 to 64 of a-z 0-9 _ . @ - after a letter or digit; capitals count as small. */
export function readPersonName(text: string): string | undefined {
  const name = text.toLowerCase();
  return NAME.test(name) ? name : undefined;
}

interface NewPerson {
  readonly name: string;
  readonly role: Person['role'];
  readonly passwordHash: string;
  /** The only traps that the person may see; undefined or null: all. */
  readonly traps?: readonly string[] | null | undefined;
}

/** @returns false where there is somebody of that name: nothing has changed then */
export async function addPerson(db: Db, person: NewPerson, nowMs: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('people')
    .values({
      // Not the name: who gets a name that another one had does not get that one's logins.
      id: randomUUID(),
      name: person.name,
      role: person.role,
      password_hash: person.passwordHash,
      generation: 1,
      disabled: 0,
      created_at: nowMs,
      last_login_at: null,
      traps: trapsText(person.traps),
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export function findPerson(db: Db, name: string): Promise<Person | undefined> {
  return db.selectFrom('people').selectAll().where('name', '=', name).executeTakeFirst();
}

/** In the order of their names, from behind `after` on. */
export function listUsers(
  db: Db,
  page: { readonly limit?: number; readonly after?: string | undefined } = {},
): Promise<Person[]> {
  let query = db.selectFrom('people').selectAll().orderBy('name');
  if (page.after !== undefined) query = query.where('name', '>', page.after);
  if (page.limit !== undefined) query = query.limit(page.limit);
  return query.execute();
}

/** Who has no access any more, or another password, is logged out everywhere; a new role counts from the next request on. */
export async function changePerson(
  db: Db,
  name: string,
  change: {
    readonly role?: Person['role'] | undefined;
    readonly disabled?: boolean | undefined;
    readonly passwordHash?: string | undefined;
    readonly traps?: readonly string[] | null | undefined;
  },
): Promise<boolean> {
  const logsOut = change.passwordHash !== undefined || change.disabled === true;
  const { numUpdatedRows } = await db
    .updateTable('people')
    .set((row) => ({
      ...(change.role && { role: change.role }),
      ...(change.disabled !== undefined && { disabled: change.disabled ? 1 : 0 }),
      ...(change.traps !== undefined && { traps: trapsText(change.traps) }),
      ...(change.passwordHash !== undefined && { password_hash: change.passwordHash }),
      generation: row('generation', '+', logsOut ? 1 : 0),
    }))
    .where('name', '=', name)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

/** @returns false where there was nobody of that name */
export async function removePerson(db: Db, name: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('people').where('name', '=', name).executeTakeFirst();
  return Number(numDeletedRows) > 0;
}

/** One login of a person: what the token that it gave says, and nobody else can make. */
export interface Login {
  readonly id: string;
  readonly personId: string;
  /** That of the person at the time of the login. */
  readonly generation: number;
  readonly expiresAtMs: number;
  /** By a link instead of a password. */
  readonly viaLink?: boolean;
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

/** @param language null: that of the browser */
export async function setLanguage(db: Db, personId: string, language: Language | null): Promise<void> {
  await db.updateTable('people').set({ language }).where('id', '=', personId).execute();
}

/** Whether there are people, and none of them has ever chosen a password: the first link was not used yet. */
export async function awaitsFirstPassword(db: Db): Promise<boolean> {
  const people = await db
    .selectFrom('people')
    .select(({ fn }) => [fn.max('password_hash').as('longest')])
    .executeTakeFirst();
  return people?.longest === '';
}

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

/** Whether some key or user may administer. */
export async function hasAdmin(db: Db): Promise<boolean> {
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
