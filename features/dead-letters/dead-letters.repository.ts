import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, number } from '../../libs/database/index.js';

/** A message that can never be taken, as it came. */
export interface NewDeadLetter {
  readonly topic: string;
  readonly client?: string | undefined;
  readonly trapId?: string | undefined;
  readonly runId?: string | undefined;
  readonly cropId?: string | undefined;
  readonly code: string;
  readonly field?: string | undefined;
  readonly message: string;
  readonly bytes: Buffer;
  /** How many there were at least, where these are only the beginning. */
  readonly size?: number | undefined;
  /** Of these bytes so many are kept. */
  readonly keepBytes: number;
}

/** Sets a message aside for good. The same message again only counts up. */
export async function putDeadLetter(db: Db, letter: NewDeadLetter, nowMs: number): Promise<void> {
  const hash = createHash('sha256').update(letter.bytes).digest('hex');
  const isWhole = (letter.size ?? letter.bytes.length) === letter.bytes.length;
  await db
    .insertInto('dead_letters')
    .values({
      id: idOf(letter, hash),
      topic: printable(letter.topic),
      client: letter.client === undefined ? null : printable(letter.client),
      trap_id: letter.trapId ?? null,
      run_id: letter.runId ?? null,
      crop_id: letter.cropId ?? null,
      code: letter.code,
      field: letter.field === undefined ? null : printable(letter.field),
      message: printable(letter.message),
      size: letter.size ?? letter.bytes.length,
      sha256: isWhole ? hash : NOT_KNOWN,
      bytes: letter.bytes.subarray(0, letter.keepBytes),
      times: 1,
      first_at: nowMs,
      last_at: nowMs,
    })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ times: sql`dead_letters.times + 1`, last_at: sql`excluded.last_at` }),
    )
    .execute();
}

/** Nobody has read all of these bytes. */
const NOT_KNOWN = '';

// A hash, since a topic may have 65,535 bytes and an index of PostgreSQL holds 2,700.
const idOf = ({ topic, code }: NewDeadLetter, hash: string) =>
  createHash('sha256').update(`${topic}\n${code}\n${hash}`).digest('base64url').slice(0, 22);

// PostgreSQL keeps no NUL in a text, and one refused message must never be refused again.
const printable = (text: string) => text.replaceAll('\0', '\\0').slice(0, 2000);

interface DeadLetterPage {
  readonly limit: number;
  readonly before?: { readonly lastAtMs: number; readonly id: string };
}

/** Newest first, without their bytes. */
export function listDeadLetters(db: Db, page: DeadLetterPage) {
  const { before } = page;
  return db
    .selectFrom('dead_letters')
    .select([
      'id',
      'topic',
      'client',
      'trap_id',
      'run_id',
      'crop_id',
      'code',
      'field',
      'message',
      'size',
      'sha256',
      'times',
      'first_at',
      'last_at',
    ])
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(last_at, id) < (${before?.lastAtMs}, ${before?.id})`),
    )
    .orderBy('last_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

/** One refused message with its bytes. */
export function findDeadLetter(db: Db, id: string) {
  return db.selectFrom('dead_letters').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @returns false where there was none */
export async function removeDeadLetter(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('dead_letters').where('id', '=', id).executeTakeFirst();
  return Number(numDeletedRows) > 0;
}

/** The same message was refused once more, for this reason now. */
export async function changeDeadLetter(
  db: Db,
  id: string,
  { code, field, message }: Pick<NewDeadLetter, 'code' | 'field' | 'message'>,
): Promise<void> {
  await db
    .updateTable('dead_letters')
    .set({ code, field: field === undefined ? null : printable(field), message: printable(message) })
    .where('id', '=', id)
    .execute();
}

export async function countDeadLetters(db: Db): Promise<number> {
  const row = await db
    .selectFrom('dead_letters')
    .select(sql<number>`count(*)`.as('letters'))
    .executeTakeFirst();
  return number(row?.letters);
}
