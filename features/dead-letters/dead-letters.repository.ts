import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Catalog, type Db, type DeadLettersTable, number } from '../../libs/database/index.js';

/** A message that can never be accepted, as it was received. */
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
  /** At least this many bytes, where `bytes` is only the beginning. */
  readonly size?: number | undefined;
  /** At most this many of the bytes are stored. */
  readonly keepBytes: number;
}

/** A rejected message as it is stored. */
export interface StoredDeadLetter {
  readonly id: string;
  readonly topic: string;
  readonly client: string | null;
  readonly trapId: string | null;
  readonly runId: string | null;
  readonly cropId: string | null;
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  /** Bytes of the message, at least. */
  readonly size: number;
  /** Null where not all of the message was read. */
  readonly sha256: string | null;
  /** How often the same message was received. */
  readonly times: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Where a page of dead letters ended. */
type DeadLetterCursor = readonly [lastAtMs: number, id: string];

const WITHOUT_BYTES = [
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
] as const;

@Injectable()
export class DeadLettersRepository {
  constructor(private readonly catalog: Catalog) {}

  /** Newest first, without their bytes. */
  async list(limit: number, before?: DeadLetterCursor): Promise<StoredDeadLetter[]> {
    const rows = await this.catalog.reader
      .selectFrom('dead_letters')
      .select(WITHOUT_BYTES)
      .$if(before !== undefined, (query) =>
        query.where(sql<boolean>`(last_at, id) < (${before?.[0]}, ${before?.[1]})`),
      )
      .orderBy('last_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toDeadLetter);
  }

  /** One with the bytes that were stored of it. */
  async find(id: string): Promise<(StoredDeadLetter & { readonly bytes: Buffer | undefined }) | undefined> {
    const row = await this.catalog.reader
      .selectFrom('dead_letters')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && { ...toDeadLetter(row), bytes: row.bytes === null ? undefined : Buffer.from(row.bytes) };
  }

  /** @returns false where there was none */
  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.catalog.db
      .deleteFrom('dead_letters')
      .where('id', '=', id)
      .executeTakeFirst();
    return Number(numDeletedRows) > 0;
  }

  /** The same message was rejected once more, now for this reason. */
  async change(
    id: string,
    { code, field, message }: Pick<NewDeadLetter, 'code' | 'field' | 'message'>,
  ): Promise<void> {
    await this.catalog.db
      .updateTable('dead_letters')
      .set({ code, field: field === undefined ? null : printable(field), message: printable(message) })
      .where('id', '=', id)
      .execute();
  }
}

/** Stores a rejected message. The same message again only counts up. */
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

/** Not all of the bytes were read. */
const NOT_KNOWN = '';

// A hash, since a topic may have 65,535 bytes and an index of PostgreSQL holds 2,700.
const idOf = ({ topic, code }: NewDeadLetter, hash: string) =>
  createHash('sha256').update(`${topic}\n${code}\n${hash}`).digest('base64url').slice(0, 22);

// PostgreSQL stores no NUL in a text, and storing a dead letter must never fail for that.
const printable = (text: string) => text.replaceAll('\0', '\\0').slice(0, 2000);

export async function countDeadLetters(db: Db): Promise<number> {
  const row = await db
    .selectFrom('dead_letters')
    .select(sql<number>`count(*)`.as('letters'))
    .executeTakeFirst();
  return number(row?.letters);
}

const toDeadLetter = (row: Omit<Selectable<DeadLettersTable>, 'bytes'>): StoredDeadLetter => ({
  id: row.id,
  topic: row.topic,
  client: row.client,
  trapId: row.trap_id,
  runId: row.run_id,
  cropId: row.crop_id,
  code: row.code,
  field: row.field,
  message: row.message,
  size: row.size,
  sha256: row.sha256 || null,
  times: row.times,
  firstAtMs: row.first_at,
  lastAtMs: row.last_at,
});
