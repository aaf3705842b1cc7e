import { Counter } from 'prom-client';

/** What has gone to InfluxDB since the start. What waits for it is read where `/metrics` is answered. */
export const metrics = {
  written: new Counter({ name: 'trapline_points_written_total', help: 'Points that InfluxDB has taken' }),
  refused: new Counter({
    name: 'trapline_points_refused_total',
    help: 'Points that InfluxDB refused for good: they are dead letters',
  }),
  deleted: new Counter({
    name: 'trapline_points_deleted_total',
    help: 'Points taken back because their run has another one by now',
  }),
};
