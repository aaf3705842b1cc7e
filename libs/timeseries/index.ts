export { type WriteResult, writeBatch } from './deliver.js';
export { type DrainError, Drainer, type StepResult } from './drainer.js';
export { Influx, type InfluxLocation } from './influx.js';
export { lineOf, type Point, point, seriesTags } from './line.js';
export type { MeasurementName } from './measurements.js';
export type { Backpressure } from './outcome.js';
export { pointTimeNs, wholeMs } from './point-time.js';
