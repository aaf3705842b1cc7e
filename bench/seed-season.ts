import { sql } from 'kysely';
import type { Db } from '../libs/database/index.js';

export const TRAPS = 20;
const LABELS = 25;
export const SEASON_DAYS = 30;
export const DAY_MS = 86_400_000;
const LAST_MS = Date.UTC(2026, 7, 1);
export const FIRST_MS = LAST_MS - SEASON_DAYS * DAY_MS;
const RUNS_AT_ONCE = 50_000;

/**
 * A season of runs as a model leaves them, made inside the database: a million in half a minute. Labels from `label-0`
 * (every second run) to rare ones; every third run is no insect, every tenth unsure, every fiftieth reviewed.
 *
 * @param lastMs when the newest of them was
 */
export async function seedSeason(db: Db, runs: number, lastMs = LAST_MS): Promise<void> {
  const stepMs = Math.floor((SEASON_DAYS * DAY_MS) / runs);
  for (let first = 0; first < runs; first += RUNS_AT_ONCE) {
    const last = Math.min(first + RUNS_AT_ONCE, runs) - 1;
    // Multiplying by a large odd number spreads what would otherwise come in rows.
    const spread = sql`((i * 40503) % 65536)`;
    const label = sql`(case when ${spread} % 2 = 0 then 0 else 1 + (${spread} / 2) % ${sql.lit(LABELS - 1)} end)`;
    const atMs = sql`${sql.lit(lastMs)} - i * ${sql.lit(stepMs)}`;
    await sql`insert into runs (trap_id, run_id, day, start_ms, start_offset_min, clock_suspect, extra, stored_crops,
        stored_bytes, first_received_at, last_received_at, at_ms, state, model, label, taxon, rank, taxon_group,
        probability, insect, unsure, reviewed, revision)
      with recursive n(i) as (select cast(${sql.lit(first)} as bigint) union all select i + 1 from n where i < ${sql.lit(last)})
      select 'trap-' || (${spread} / 7 % ${sql.lit(TRAPS)}), 'run-' || i, '2026-07-01', ${atMs}, 120, 0, '{}', 1 + i % 20,
        20000, ${atMs}, ${atMs}, ${atMs}, 'complete', 'season-1', 'label-' || ${label}, 'Taxon ' || ${label}, 'species',
        'group-' || (${label} % 6), 0.3 + (i % 70) / 100.0, case when ${label} % 3 = 2 then 0 else 1 end,
        case when i % 10 = 3 then 1 else 0 end, case when i % 50 = 7 then 1 else 0 end, 1
      from n`.execute(db);
  }
}
