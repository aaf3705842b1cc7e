import { Inject, Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Config } from '../../libs/config/index.js';
import { Catalog, number } from '../../libs/database/index.js';
import { CONFIG } from '../platform/index.js';
import { inFilter, type RunFilter } from '../runs/index.js';
import { localClock } from './local-clock.repository.js';

/** What visits can be counted by. `day` and `hour` are those of the trap's clock. */
export type CountKey = 'trap' | 'label' | 'taxon' | 'group' | 'day' | 'hour';

/** Runs, each of which is one visit, however many crops it has. */
export interface Visits {
  readonly visits: number;
  readonly crops: number;
  /** How many of the visits have an unsure verdict. */
  readonly unsure: number;
  /** How many of the visits are of unknown time, and their crops. */
  readonly untimed: number;
  readonly untimedCrops: number;
}

/** Visits that have all of the keys in common. */
export interface VisitCount {
  readonly trap?: string;
  readonly label?: string | null;
  readonly taxon?: string | null;
  readonly group?: string | null;
  /** Days since 1970-01-01; null = visits of unknown time. */
  readonly day?: number | null;
  /** 0 to 23; null likewise. */
  readonly hour?: number | null;
  readonly insects: Visits;
  /** What is no insect. */
  readonly others: Visits;
  readonly unclassified: Visits;
}

interface CountQuestion {
  readonly filter: RunFilter;
  readonly keys: readonly CountKey[];
  /** At most this many rows. */
  readonly limit: number;
  readonly nowMs: number;
}

const COLUMNS: Partial<Record<CountKey, string>> = {
  trap: 'trap_id',
  label: 'label',
  taxon: 'taxon',
  group: 'taxon_group',
};
const TIMES: Partial<Record<CountKey, RawBuilder<number>>> = {
  day: sql`case when hours.hour < 0 then null else hours.hour / 24 end`,
  hour: sql`case when hours.hour < 0 then null else hours.hour % 24 end`,
};
/** Clocks run ahead of UTC by less than this. */
const AHEAD_MS = 2 * 86_400_000;

const KINDS: readonly (readonly [kind: 'insects' | 'others' | 'unclassified', is: RawBuilder<unknown>])[] = [
  ['insects', sql`runs.insect = 1`],
  ['others', sql`runs.insect = 0`],
  ['unclassified', sql`runs.insect is null`],
];
const FIGURES = {
  visits: sql`1`,
  crops: sql`runs.stored_crops`,
  unsure: sql`coalesce(runs.unsure, 0)`,
};
/** Figures of the hours that are none: where runs of unknown time are sorted. */
const UNTIMED = { untimed: 'visits', untimedCrops: 'crops' };
const ALL_FIGURES = [...Object.keys(FIGURES), ...Object.keys(UNTIMED)];

@Injectable()
export class StatsRepository {
  constructor(
    private readonly catalog: Catalog,
    /** `timeZone`: of traps that have sent none. */
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
  ) {}

  /**
   * Counts the visits of a filter by keys, in the order of the keys; always apart by whether they are insects. It reads
   * all of them.
   */
  async countVisits(question: CountQuestion): Promise<readonly VisitCount[]> {
    const db = this.catalog.scanner;
    const { filter, keys, limit, nowMs } = question;
    const hour = sql<number>`(${await localClock(db, this.config.timeZone, nowMs + AHEAD_MS)} / 3600000)`;
    const columns = keys.flatMap((key) => COLUMNS[key] ?? []);
    // Not the bare columns: SQLite would go by an index that has them in order, and read every run in full for it.
    const names = columns.map((name) => sql`coalesce(${sql.ref(`runs.${name}`)}, '') as ${sql.ref(name)}`);
    const sums = KINDS.flatMap(([kind, is]) =>
      Object.entries(FIGURES).map(
        ([figure, value]) => sql`sum(case when ${is} then ${value} else 0 end) as ${figureOf(kind, figure)}`,
      ),
    );
    const byHour = (condition: Piece) =>
      grouped([sql`${hour} as hour`, ...names], sums, sql`runs where ${condition} and ${inFilter(filter)}`);
    // Counted by hour first, whatever is asked: the index has the runs in the order of time, so that this sorts what is
    // nearly sorted, and leaves little to the second round.
    const hours = sql`(${byHour(sql`runs.label is not null`)} union all ${byHour(sql`runs.label is null`)}) hours`;
    const shown = keys.map(
      (key) => sql`${TIMES[key] ?? sql.ref(`hours.${COLUMNS[key]}`)} as ${sql.ref(key)}`,
    );
    const again = KINDS.flatMap(([kind]) => [
      ...Object.keys(FIGURES).map(
        (figure) => sql`sum(${figureOf(kind, figure)}) as ${figureOf(kind, figure)}`,
      ),
      ...Object.entries(UNTIMED).map(
        ([untimed, figure]) =>
          sql`sum(case when hours.hour < 0 then ${figureOf(kind, figure)} else 0 end) as ${figureOf(kind, untimed)}`,
      ),
    ]);
    const order = keys.length ? sql`order by ${positions(keys.length)}` : sql``;
    const statement = sql<Row>`${grouped(shown, again, hours)} ${order} limit ${limit}`;
    return (await statement.execute(db)).rows.map((row) => asCount(row, keys));
  }

  /** Runs of unknown time that show an insect, by trap; one without any is left out. */
  async visitsOfUnknownTime(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.catalog.reader
      .selectFrom('runs')
      .select(['trap_id', sql<number>`count(*)`.as('visits')])
      .where('at_ms', '<', sql.lit(0))
      .where('insect', '=', 1)
      .groupBy('trap_id')
      .execute();
    return new Map(rows.map((row) => [row.trap_id, number(row.visits)]));
  }
}

type Piece = RawBuilder<unknown>;
type Row = Readonly<Record<string, unknown>>;

const figureOf = (kind: string, figure: string): Piece => sql.ref(`${kind}_${figure}`);

function grouped(keys: readonly Piece[], sums: readonly Piece[], from: Piece): Piece {
  const selected = sql`select ${sql.join([...keys, ...sums])} from ${from}`;
  return keys.length ? sql`${selected} group by ${positions(keys.length)}` : selected;
}

/** `1, 2, 3`: a key is an expression with values in it, and PostgreSQL would not know it again. */
const positions = (count: number): Piece =>
  sql.join(Array.from({ length: count }, (_, at) => sql.lit(at + 1)));

function asCount(row: Row, keys: readonly CountKey[]): VisitCount {
  const named = keys.map((key) => [key, TIMES[key] ? timeOf(row[key]) : row[key] || null]);
  const figures = KINDS.map(([kind]) => [
    kind,
    // PostgreSQL hands sums over as text; without any run there is none.
    Object.fromEntries(ALL_FIGURES.map((figure) => [figure, number(row[`${kind}_${figure}`])])),
  ]);
  return Object.fromEntries([...named, ...figures]);
}

/** PostgreSQL hands large numbers over as text. */
const timeOf = (value: unknown): number | null => (value === null ? null : Number(value));
