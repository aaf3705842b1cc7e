import { sql } from 'kysely';
import { type Catalog, type Db, number, ofTraps } from '../../libs/database/index.js';
import { inFilter, type RunFilter } from '../runs/index.js';
import { localClock } from '../stats/index.js';

/** Visits of insects with the same verdict on one day, up to the time of day that was asked for. */
export interface KindCount {
  /** Days since 1970-01-01, by the trap's clock. */
  readonly day: number;
  readonly label: string;
  readonly taxon: string | null;
  readonly group: string | null;
  readonly unsure: boolean;
  readonly visits: number;
}

/** Visits of insects in one hour, all of it. */
export interface HourCount {
  readonly day: number;
  /** 0 to 23 */
  readonly hour: number;
  readonly visits: number;
}

export interface CountedVisits {
  readonly kinds: readonly KindCount[];
  readonly hours: readonly HourCount[];
}

interface VisitQuestion {
  readonly trapIds?: readonly string[] | undefined;
  /** UTC, wide enough for clocks of any zone. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Milliseconds since midnight by the trap's clock, by trap; `otherwise` for the rest. */
  readonly timeOfDay: { readonly otherwise: number; readonly ofTraps: ReadonlyMap<string, number> };
  readonly defaultZone: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Counts by day and verdict, and by day and hour. It reads all of them, from an index that has everything: ask the scanner. */
export async function countVisitsByDay(
  db: Db,
  { trapIds, fromMs, toMs, timeOfDay, defaultZone }: VisitQuestion,
): Promise<CountedVisits> {
  const clock = await localClock(db, defaultZone, toMs);
  const limits = [...timeOfDay.ofTraps].map(([trap, ms]) => sql`when ${trap} then ${sql.lit(ms)}`);
  const otherwise = sql.lit(timeOfDay.otherwise);
  const until = limits.length
    ? sql`case runs.trap_id ${sql.join(limits, sql` `)} else ${otherwise} end`
    : otherwise;
  const dayMs = sql.lit(DAY_MS);
  const { rows } = await sql<Record<string, unknown>>`
    with visits as (
      select local / ${sql.lit(HOUR_MS)} as hour, label, taxon, taxon_group, unsure, count(*) as visits,
        sum(case when local % ${dayMs} < until then 1 else 0 end) as early
      from (select ${clock} as local, ${until} as until, runs.label, runs.taxon, runs.taxon_group, runs.unsure
        from runs
        where runs.label is not null and ${inFilter({ trapIds, fromMs, toMs, insectsOnly: true })}) counted
      group by 1, 2, 3, 4, 5)
    select hour / 24 as day, null as hour, label, taxon, taxon_group, unsure, sum(early) as visits
      from visits group by 1, 3, 4, 5, 6
    union all
    select hour / 24, hour % 24, null, null, null, null, sum(visits) from visits group by 1, 2`.execute(db);
  const kinds: KindCount[] = [];
  const hours: HourCount[] = [];
  for (const row of rows) {
    const [day, visits] = [number(row['day']), number(row['visits'])];
    if (row['hour'] !== null) hours.push({ day, hour: number(row['hour']), visits });
    else
      kinds.push({
        day,
        label: String(row['label']),
        taxon: row['taxon'] as string | null,
        group: row['taxon_group'] as string | null,
        unsure: number(row['unsure']) === 1,
        visits,
      });
  }
  return { kinds, hours };
}

/** How many runs of a filter show no insect. */
export async function countOthers(db: Db, filter: RunFilter): Promise<number> {
  const { rows } = await sql<{ runs: number }>`select count(*) as runs from runs
    where runs.label is not null and runs.insect = 0 and ${inFilter(filter)}`.execute(db);
  return number(rows[0]?.runs);
}

/** What waits for a person, in the time since `fromMs`; an uncertain first sighting is one question, the first sighting. */
export async function countCalls(
  db: Db,
  { trapIds, fromMs }: { readonly trapIds?: readonly string[] | undefined; readonly fromMs: number },
): Promise<{ readonly uncertain: number; readonly firstSightings: number; readonly episodes: number }> {
  const ofTrap = (table: string) => sql`and ${ofTraps(`${table}.trap_id`, trapIds)}`;
  const { rows } = await sql<Record<string, unknown>>`select
    (select count(*) from runs where runs.unsure = 1 and runs.insect = 1 and runs.reviewed = 0
      and runs.at_ms >= ${sql.lit(fromMs)} ${ofTrap('runs')}
      and not exists (select 1 from first_sightings f where f.state = 'standing'
        and f.trap_id = runs.trap_id and f.run_id = runs.run_id)) as uncertain,
    (select count(distinct first_sightings.trap_id || '/' || first_sightings.run_id) from first_sightings
      join runs on runs.trap_id = first_sightings.trap_id and runs.run_id = first_sightings.run_id
      where first_sightings.state = 'standing' and runs.reviewed = 0
      and first_sightings.at_ms >= ${sql.lit(fromMs)} ${ofTrap('first_sightings')}) as sightings,
    (select count(*) from episodes where episodes.state = 'open' ${ofTrap('episodes')}) as episodes`.execute(
    db,
  );
  const row = rows[0] ?? {};
  return {
    uncertain: number(row['uncertain']),
    firstSightings: number(row['sightings']),
    episodes: number(row['episodes']),
  };
}

/** How many runs people looked at in a span of time. */
export async function countReviewed(
  db: Db,
  { trapIds, fromMs, toMs }: { trapIds?: readonly string[] | undefined; fromMs: number; toMs: number },
): Promise<number> {
  const row = await db
    .selectFrom('reviews')
    .select(sql<number>`count(distinct trap_id || '/' || run_id)`.as('runs'))
    .where('verdict', '<>', 'undo')
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', toMs)
    .where(ofTraps('trap_id', trapIds))
    .executeTakeFirst();
  return number(row?.runs);
}

export async function hasRuns({ reader }: Catalog, trapIds: readonly string[] | undefined): Promise<boolean> {
  const found = reader.selectFrom('runs').select('run_id').where(ofTraps('trap_id', trapIds)).limit(1);
  return (await found.executeTakeFirst()) !== undefined;
}

/** The hours of a day at the traps in question, with what was expected of each group. */
export function activityOfDay(
  db: Db,
  { trapIds, fromMs, toMs }: { trapIds?: readonly string[] | undefined; fromMs: number; toMs: number },
) {
  return db
    .selectFrom('activity_hours')
    .select(['trap_id', 'taxon_group', 'hour', 'visits', 'expected', 'alarm'])
    .where('start_ms', '>=', fromMs)
    .where('start_ms', '<', toMs)
    .where('state', '=', 'judged')
    .where(ofTraps('trap_id', trapIds))
    .execute();
}

/** Traps with an account that have never spoken. */
export async function trapsNeverHeard(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('accounts')
    .leftJoin('traps', 'traps.trap_id', 'accounts.name')
    .select('accounts.name')
    .where('accounts.kind', '=', 'trap')
    .where('traps.last_message_at', 'is', null)
    .execute();
  return rows.map(({ name }) => name);
}

/** Transactions that began before may end after a reading: what they changed counts as later. */
const OVERLAP_MS = 5_000;

/** Whether runs from before a time came, changed or went after another time, which is at most some minutes ago. */
export async function hasChangedBefore(db: Db, beforeMs: number, sinceMs: number): Promise<boolean> {
  const change = await db
    .selectFrom('changes')
    .leftJoin('runs', (join) =>
      join.onRef('runs.trap_id', '=', 'changes.trap_id').onRef('runs.run_id', '=', 'changes.item'),
    )
    .select('changes.seq')
    .where('changes.kind', '=', 'run')
    .where('changes.seq', '>', (sinceMs - OVERLAP_MS) * 1000)
    .where(sql<boolean>`(runs.at_ms is null or runs.at_ms < ${sql.lit(beforeMs)})`)
    .limit(1)
    .executeTakeFirst();
  return change !== undefined;
}
