import { type Kysely, type Migration, sql } from 'kysely';
import { addColumns } from './add-columns.js';
import type { EngineTypes } from './engine-types.js';

const RUNS_AT_ONCE = 20_000;

/**
 * The verdict that counts stands whole in the run, so that lists, counts and downloads need no second table and a
 * review can overrule the model. Crops say when their picture was removed. Each statement may be repeated.
 */
export const verdict = ({ text }: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    await addColumns(db, 'runs', {
      taxon: text,
      rank: text,
      taxon_group: text,
      probability: sql`double precision`,
      reviewed: sql`integer not null default 0`,
    });
    await addColumns(db, 'crops', { removed_at: sql`bigint` });
    for (const statement of [
      sql`create index if not exists runs_of_taxon on runs (taxon, at_ms desc, trap_id desc, run_id desc)`,
      sql`create index if not exists runs_of_group on runs (taxon_group, at_ms desc, trap_id desc, run_id desc)`,
    ])
      await statement.execute(db);
    await copyVerdicts(db);
  },
});

/** In steps, so that no statement of a season's size holds the database. */
async function copyVerdicts(db: Kysely<never>): Promise<void> {
  const of = (column: string) =>
    sql`(select ${sql.ref(column)} from observations where observations.trap_id = runs.trap_id
      and observations.run_id = runs.run_id and observations.model = runs.model)`;
  for (;;) {
    const { numAffectedRows } = await sql`update runs set taxon = ${of('taxon')}, rank = ${of('rank')},
      taxon_group = ${of('taxon_group')}, probability = ${of('probability')}
      where (trap_id, run_id) in (select r.trap_id, r.run_id from runs r
        join observations o on o.trap_id = r.trap_id and o.run_id = r.run_id and o.model = r.model
        where r.probability is null limit ${sql.lit(RUNS_AT_ONCE)})`.execute(db);
    if (!numAffectedRows) return;
  }
}
