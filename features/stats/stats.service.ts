import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { effortHours } from '../../libs/domain/index.js';
import { invalidRequest } from '../http/index.js';
import type { RunFilter } from '../runs/index.js';
import { EffortRepository, type TrapSessions } from '../sessions/index.js';
import { CountCells } from './count-cells.js';
import { countedBy, hasEffort, type Key } from './count-query.js';
import { effortView } from './present-counts.js';
import { RunSummaryRepository } from './run-summary.repository.js';
import { StatsRepository, type Visits } from './stats.repository.js';

const MOST_ROWS = 50_000;
const MOST_ITEMS = 20_000;
/** After this many rows the event loop is released. */
const AT_ONCE = 2_000;

interface CountedRuns {
  readonly cells: CountCells;
  /** The one cell of all. */
  readonly all: CountCells;
  readonly others: Visits;
  readonly unclassified: Visits;
}

/** Visits by one definition: a run is one visit. */
@Injectable()
export class StatsService {
  constructor(
    private readonly repository: StatsRepository,
    private readonly runs: RunSummaryRepository,
    private readonly effort: EffortRepository,
  ) {}

  /**
   * Counts the runs of a filter and the effort behind them.
   *
   * @throws Problem 400 where there would be more rows than anybody reads
   */
  async count(
    { insectsOnly, ...filter }: RunFilter,
    by: readonly Key[],
    nowMs: number,
  ): Promise<CountedRuns> {
    // By trap in any case: the effort of a trap without visits, or without sessions, would be mixed up otherwise.
    const keys = hasEffort(by) ? [...new Set([...countedBy(by), 'trap' as const])] : countedBy(by);
    const rows = await this.repository.countVisits({ filter, keys, limit: MOST_ROWS + 1, nowMs });
    if (rows.length > MOST_ROWS) throw tooMany();
    const [cells, all] = [new CountCells(by), new CountCells([])];
    let [others, unclassified] = [NONE, NONE];
    for (const [at, row] of rows.entries()) {
      const visits = insectsOnly ? row.insects : sum(row.insects, row.others, row.unclassified);
      cells.addVisits(row, visits);
      all.addVisits(row, visits);
      others = sum(others, row.others);
      unclassified = sum(unclassified, row.unclassified);
      if (at % AT_ONCE === AT_ONCE - 1) await setImmediate();
    }
    const hours = effortOf(await this.effort.sessions(filter), filter, nowMs);
    let added = 0;
    for (const { trapId, hour } of hours) {
      if (hasEffort(by)) cells.addEffort(trapId, hour);
      all.addEffort(trapId, hour);
      added += 1;
      if (added % AT_ONCE === 0) await setImmediate();
    }
    if (cells.size > MOST_ITEMS) throw tooMany();
    return { cells, all, others, unclassified };
  }

  /** How much a filter of runs finds, and the effort behind the insects in it. */
  async summary(filter: RunFilter, nowMs: number) {
    const sums = await this.runs.sum(filter);
    const { all } = await this.count({ ...filter, insectsOnly: true }, [], nowMs);
    const [cell] = all.sorted();
    return { ...sums, ...(cell ? effortView(cell) : { effortMinutes: null, visitsPerHour: null }) };
  }
}

function* effortOf(traps: readonly TrapSessions[], { fromMs, toMs }: RunFilter, nowMs: number) {
  for (const { trapId, sessions } of traps)
    for (const hour of effortHours(sessions, fromMs, Math.min(toMs ?? nowMs, nowMs))) yield { trapId, hour };
}

const NONE: Visits = { visits: 0, crops: 0, unsure: 0, untimed: 0, untimedCrops: 0 };

function sum(...all: readonly Visits[]): Visits {
  return all.reduce((total, each) => ({
    visits: total.visits + each.visits,
    crops: total.crops + each.crops,
    unsure: total.unsure + each.unsure,
    untimed: total.untimed + each.untimed,
    untimedCrops: total.untimedCrops + each.untimedCrops,
  }));
}

function tooMany() {
  const message = `makes more than ${MOST_ITEMS} rows: name fewer keys, or less time (from, to)`;
  return invalidRequest([{ field: 'by', message }]);
}
