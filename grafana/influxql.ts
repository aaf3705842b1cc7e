import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { MeasurementName } from '../libs/timeseries/measurements.js';
import { DATA_SOURCE } from './ids.js';

/** One SELECT, in the part of InfluxQL that InfluxDB 1.6 to 3 share: ORDER BY time only, tz() last, no SLIMIT. */
export interface Select {
  readonly columns: readonly string[];
  /** A measurement, or the rows of another query. */
  readonly from: MeasurementName | Select;
  readonly where?: readonly string[];
  readonly groupBy?: readonly string[];
  readonly fill?: 'none' | 'null' | 'previous' | 0;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  /**
   * For days and hours as the clocks of the traps have them. Not as the reader's: Grafana calls UTC `utc`, which InfluxDB
   * does not know, and a day at the trap is no other day for a reader who is elsewhere.
   */
  readonly inTrapsZone?: boolean;
}

/** The text of a query, always within the time range of its panel or rule. */
export function select({ columns, from, where = [], groupBy = [], ...more }: Select): string {
  const source = typeof from === 'string' ? `"${from}"` : `(${select(from)})`;
  return [
    `SELECT ${columns.join(', ')} FROM ${source}`,
    `WHERE ${[...where, '$timeFilter'].join(' AND ')}`,
    groupBy.length ? `GROUP BY ${groupBy.join(', ')}` : '',
    more.fill === undefined ? '' : `fill(${more.fill})`,
    more.newestFirst ? 'ORDER BY time DESC' : '',
    more.limit === undefined ? '' : `LIMIT ${more.limit}`,
    more.inTrapsZone ? `tz('\${zone}')` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

export type ResultFormat = 'time_series' | 'table';

/** A query as Grafana's InfluxDB data source takes it. */
export interface InfluxTarget extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof DATA_SOURCE;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: ResultFormat;
  readonly alias?: string;
}

/** The query builder that the SDK has for every data source but InfluxDB. */
export class InfluxQuery implements Builder<Dataquery> {
  private shape: { resultFormat: ResultFormat; alias?: string } = { resultFormat: 'time_series' };

  constructor(
    private readonly refId: string,
    private readonly text: string | Select,
  ) {}

  /** Rows and columns, tags as columns. */
  asTable(): this {
    this.shape = { resultFormat: 'table' };
    return this;
  }

  /** One line per series. @param alias its name, such as `$tag_label` */
  named(alias: string): this {
    this.shape = { resultFormat: 'time_series', alias };
    return this;
  }

  build(): InfluxTarget {
    const query = typeof this.text === 'string' ? this.text : select(this.text);
    return {
      refId: this.refId,
      datasource: DATA_SOURCE,
      query,
      rawQuery: true,
      ...this.shape,
    } as InfluxTarget;
  }
}
