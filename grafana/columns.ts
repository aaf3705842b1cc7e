import type { MeasurementName, Measurements } from '../libs/timeseries/measurements.js';

type FieldName<M extends MeasurementName> = keyof Measurements[M]['fields'] & string;
type TagName<M extends MeasurementName> = keyof Measurements[M]['tags'] & string;

/** Names of one measurement, quoted for InfluxQL. A name that the writer does not know is no TypeScript. */
export const columnsOf = <M extends MeasurementName>(measurement: M) => ({
  from: measurement,
  field: (name: FieldName<M>) => `"${name}"`,
  tag: (name: TagName<M>) => `"${name}"`,
});

export const run = columnsOf('insect_run');
export const status = columnsOf('trap_status');
export const activity = columnsOf('insect_activity');
export const event = columnsOf('trap_event');
export const pipeline = columnsOf('pipeline');
