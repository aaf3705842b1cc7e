import type { ActivityHour } from '../../libs/catalog/index.js';
import { type Point, point, wholeMs } from '../../libs/timeseries/index.js';

const DAY_H = 24;

/** An hour that was judged: no other has a point. */
export const hourOf = (row: ActivityHour): Point<'insect_activity'> =>
  point({
    measurement: 'insect_activity',
    tags: {
      trap: row.trap_id,
      group: row.taxon_group,
      hour: String(Number(row.hour) % DAY_H).padStart(2, '0'),
    },
    fields: {
      count: row.visits,
      expected: row.expected as number,
      upper: row.upper as number,
      score: row.score as number,
      effort_min: row.effort_min,
    },
    timeNs: wholeMs(Number(row.start_ms)),
  });
