import { Injectable } from '@nestjs/common';
import { effortHours, HOUR_MS, type HourSeries, type SeriesHour } from '../../libs/domain/index.js';
import { EffortRepository } from '../sessions/index.js';
import { StatsRepository } from '../stats/index.js';

/** The series of all insects together. */
const ALL_INSECTS = 'all';

/** Clocks differ from UTC by less than this. */
const CLOCKS_MS = 26 * HOUR_MS;
const MOST_ROWS = 200_000;

interface TrapSeries {
  /** One for each taxon group, and one of all insects. Hours are those of the trap's own clock. */
  readonly groups: ReadonlyMap<string, HourSeries>;
}

@Injectable()
export class TrapSeriesService {
  constructor(
    private readonly stats: StatsRepository,
    private readonly effort: EffortRepository,
  ) {}

  /**
   * Visits and effort of a trap, hour by hour. A group has a count in every hour that was recorded: 0 where none came.
   * Hours of unknown effort are left out, as those without any.
   */
  async of(trapId: string, fromMs: number, nowMs: number): Promise<TrapSeries> {
    const filter = { trapIds: [trapId], fromMs, toMs: nowMs + CLOCKS_MS, insectsOnly: true };
    const visits = await this.stats.countVisits({
      filter,
      keys: ['group', 'day', 'hour'],
      limit: MOST_ROWS,
      nowMs,
    });
    const efforts = await this.effortByHour(trapId, fromMs, nowMs);
    const counts = new Map<string, Map<number, number>>([[ALL_INSECTS, new Map()]]);
    for (const { group, day, hour, insects } of visits) {
      // The filter names a span of time: runs of unknown time are in none.
      const at = Number(day) * 24 + Number(hour);
      add(counts, ALL_INSECTS, at, insects.visits);
      if (group) add(counts, group, at, insects.visits);
    }
    const groups = [...counts].map(([group, byHour]) => {
      const hours = [...efforts].map(([hour, effortH]): [number, SeriesHour] => [
        hour,
        { count: byHour.get(hour) ?? 0, effortH },
      ]);
      return [group, new Map(hours)] as const;
    });
    return { groups: new Map(groups) };
  }

  private async effortByHour(trapId: string, fromMs: number, nowMs: number): Promise<Map<number, number>> {
    const [trap] = await this.effort.sessions({ trapIds: [trapId], fromMs, toMs: nowMs });
    const byHour = new Map<number, number>();
    const unknown = new Set<number>();
    for (const { hour, minutes } of effortHours(trap?.sessions ?? [], fromMs, nowMs)) {
      if (minutes === undefined) unknown.add(hour);
      else byHour.set(hour, (byHour.get(hour) ?? 0) + minutes / 60);
    }
    for (const hour of unknown) byHour.delete(hour);
    return byHour;
  }
}

function add(counts: Map<string, Map<number, number>>, group: string, hour: number, visits: number): void {
  const byHour = counts.get(group) ?? new Map<number, number>();
  counts.set(group, byHour);
  byHour.set(hour, (byHour.get(hour) ?? 0) + visits);
}
