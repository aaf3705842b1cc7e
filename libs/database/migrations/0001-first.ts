import { type CreateTableBuilder, type Kysely, type Migration, sql } from 'kysely';
import type { EngineTypes } from './engine-types.js';

type Columns = readonly (readonly [
  name: string,
  type: 'text' | 'integer' | 'bigint' | 'real' | 'blob',
  needed?: 'not null',
])[];

/**
 * The tables of the first version; their meaning stands in `schema.ts`. Each statement may be repeated, since SQLite
 * commits them one by one and a start may be killed between two of them.
 */
export const first = (types: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    const dataTypes = {
      ...types,
      integer: sql`integer`,
      bigint: sql`bigint`,
      real: sql`double precision`,
    };
    const create = async (table: string, key: readonly string[], columns: Columns) => {
      let builder = db.schema.createTable(table).ifNotExists() as CreateTableBuilder<string, string>;
      for (const [name, type, needed] of columns) {
        builder = builder.addColumn(name, dataTypes[type], (c) => (needed ? c.notNull() : c));
      }
      await builder.addPrimaryKeyConstraint(`${table}_pk`, [...key]).execute();
    };
    const run = [
      ['trap_id', 'text', 'not null'],
      ['run_id', 'text', 'not null'],
    ] as const;
    const crop = [...run, ['crop_id', 'text', 'not null']] as const;

    await create(
      'traps',
      ['trap_id'],
      [
        ['trap_id', 'text', 'not null'],
        ['name', 'text'],
        ['time_zone', 'text'],
        ['latitude', 'real'],
        ['longitude', 'real'],
        ['info', 'text', 'not null'],
        ['state', 'text'],
        ['status', 'text'],
        ['state_at', 'bigint'],
        ['first_seen_at', 'bigint', 'not null'],
        ['last_message_at', 'bigint'],
      ],
    );
    await create(
      'runs',
      ['trap_id', 'run_id'],
      [
        ...run,
        ['day', 'text', 'not null'],
        ['session_id', 'text'],
        ['track_id', 'text'],
        ['start_ms', 'bigint'],
        ['start_offset_min', 'integer'],
        ['start_sent', 'text'],
        ['end_ms', 'bigint'],
        ['end_offset_min', 'integer'],
        ['end_sent', 'text'],
        ['clock_suspect', 'integer', 'not null'],
        ['duration_s', 'real'],
        ['announced_crops', 'integer'],
        ['end_status', 'text'],
        ['end_received_at', 'bigint'],
        ['extra', 'text', 'not null'],
        ['stored_crops', 'integer', 'not null'],
        ['stored_bytes', 'bigint', 'not null'],
        ['first_received_at', 'bigint', 'not null'],
        ['last_received_at', 'bigint', 'not null'],
        ['at_ms', 'bigint', 'not null'],
        ['state', 'text', 'not null'],
        ['complete_because', 'text'],
        ['completed_at', 'bigint'],
        ['decide_at', 'bigint'],
        ['receipt_due_at', 'bigint'],
        ['receipt_state', 'text'],
        ['model', 'text'],
        ['label', 'text'],
        ['insect', 'integer'],
        ['unsure', 'integer'],
        ['revision', 'integer', 'not null'],
      ],
    );
    await create(
      'crops',
      ['trap_id', 'run_id', 'crop_id'],
      [
        ...crop,
        ['stage', 'text', 'not null'],
        ['turn', 'integer', 'not null'],
        ['format', 'text', 'not null'],
        ['bytes', 'integer', 'not null'],
        ['sha256', 'text', 'not null'],
        ['crc32', 'bigint', 'not null'],
        ['width', 'integer', 'not null'],
        ['height', 'integer', 'not null'],
        ['truncated', 'integer', 'not null'],
        ['received_at', 'bigint', 'not null'],
      ],
    );
    await create(
      'inbox',
      ['trap_id', 'run_id', 'crop_id'],
      [
        ...crop,
        ['received_at', 'bigint', 'not null'],
        ['segment', 'text', 'not null'],
        ['position', 'bigint', 'not null'],
      ],
    );
    await create(
      'detections',
      ['trap_id', 'run_id', 'crop_id'],
      [
        ...crop,
        ['sha256', 'text'],
        ['at_ms', 'bigint'],
        ['confidence', 'real'],
        ['box', 'text'],
        ['entry', 'text', 'not null'],
      ],
    );
    await create(
      'classifications',
      ['trap_id', 'run_id', 'crop_id', 'model'],
      [
        ...crop,
        ['model', 'text', 'not null'],
        ['label', 'text'],
        ['probability', 'real'],
        ['ranked', 'text', 'not null'],
        ['energy', 'real'],
        ['logits', 'blob'],
        ['code', 'text'],
        ['classified_at', 'bigint', 'not null'],
      ],
    );
    await create(
      'observations',
      ['trap_id', 'run_id', 'model'],
      [
        ...run,
        ['model', 'text', 'not null'],
        ['label', 'text', 'not null'],
        ['taxon', 'text'],
        ['rank', 'text'],
        ['taxon_group', 'text'],
        ['insect', 'integer', 'not null'],
        ['probability', 'real', 'not null'],
        ['top1_prob_mean', 'real', 'not null'],
        ['top1_crops', 'integer', 'not null'],
        ['crops', 'integer', 'not null'],
        ['unsure', 'integer', 'not null'],
        ['reason', 'text'],
        ['rolled_up', 'integer', 'not null'],
        ['ranking', 'text', 'not null'],
        ['final', 'integer', 'not null'],
        ['revision', 'integer', 'not null'],
        ['observed_at', 'bigint', 'not null'],
      ],
    );
    await create(
      'sessions',
      ['trap_id', 'session_id'],
      [
        ['trap_id', 'text', 'not null'],
        ['session_id', 'text', 'not null'],
        ['start_ms', 'bigint'],
        ['end_ms', 'bigint'],
        ['offset_min', 'integer'],
        ['minutes', 'real'],
        ['clock_suspect', 'integer', 'not null'],
        ['payload', 'text', 'not null'],
        ['received_at', 'bigint', 'not null'],
      ],
    );
    await create(
      'telemetry',
      ['trap_id', 'at_ms'],
      [
        ['trap_id', 'text', 'not null'],
        ['at_ms', 'bigint', 'not null'],
        ['clock_suspect', 'integer', 'not null'],
        ['payload', 'text', 'not null'],
        ['received_at', 'bigint', 'not null'],
      ],
    );
    await create(
      'accounts',
      ['kind', 'name'],
      [
        ['kind', 'text', 'not null'],
        ['name', 'text', 'not null'],
        ['role', 'text', 'not null'],
        ['secret_sha256', 'text', 'not null'],
        ['mosquitto_hash', 'text'],
        ['created_at', 'bigint', 'not null'],
        ['last_used_at', 'bigint'],
      ],
    );
    await create(
      'dead_letters',
      ['id'],
      [
        ['id', 'text', 'not null'],
        ['topic', 'text', 'not null'],
        ['client', 'text'],
        ['trap_id', 'text'],
        ['run_id', 'text'],
        ['crop_id', 'text'],
        ['code', 'text', 'not null'],
        ['field', 'text'],
        ['message', 'text', 'not null'],
        ['size', 'integer', 'not null'],
        ['sha256', 'text', 'not null'],
        ['bytes', 'blob'],
        ['times', 'integer', 'not null'],
        ['first_at', 'bigint', 'not null'],
        ['last_at', 'bigint', 'not null'],
      ],
    );
    await create(
      'retained',
      ['topic'],
      [
        ['topic', 'text', 'not null'],
        ['payload', 'text', 'not null'],
      ],
    );
    await create(
      'outbox',
      ['kind', 'key'],
      [
        ['kind', 'text', 'not null'],
        ['key', 'text', 'not null'],
        ['seq', 'bigint', 'not null'],
        ['topic', 'text', 'not null'],
        ['retain', 'integer', 'not null'],
        ['payload', 'text', 'not null'],
      ],
    );

    // Work that is left is found by partial indexes: they hold only what is under way, however long the season.
    for (const statement of [
      sql`create index if not exists runs_newest on runs (at_ms desc, trap_id desc, run_id desc)`,
      sql`create index if not exists runs_of_trap on runs (trap_id, at_ms desc, run_id desc)`,
      sql`create index if not exists runs_to_decide on runs (decide_at) where decide_at is not null`,
      sql`create index if not exists runs_receipt_due on runs (receipt_due_at) where receipt_due_at is not null`,
      sql`create index if not exists crops_under_way on crops (trap_id, run_id) where stage <> 'done'`,
      sql`create index if not exists crops_waiting on crops (turn, received_at) where stage = 'waiting'`,
      sql`create index if not exists inbox_oldest on inbox (received_at)`,
      sql`create index if not exists runs_of_label on runs (label, at_ms desc, trap_id desc, run_id desc)`,
      sql`create index if not exists runs_open on runs (at_ms desc, trap_id desc, run_id desc) where state = 'open'`,
      sql`create index if not exists accounts_by_secret on accounts (secret_sha256)`,
      sql`create index if not exists dead_letters_newest on dead_letters (last_at desc, id desc)`,
      sql`create index if not exists dead_letters_of_run on dead_letters (trap_id, run_id, crop_id)`,
      sql`create index if not exists outbox_oldest on outbox (seq)`,
    ])
      await statement.execute(db);
  },
});
