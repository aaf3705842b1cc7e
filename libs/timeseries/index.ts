export { type Delivery, deliver, type Refused } from './deliver.js';
export { Drainer, type StepResult, type Trouble } from './drainer.js';
export { Influx, type InfluxPlace } from './influx.js';
export { type FieldsOf, lineOf, type Point, point, seriesTags, type TagsOf } from './line.js';
export * from './measurements.js';
export type { Obstacle, Outcome } from './outcome.js';
export { pointTimeNs, wholeMs } from './point-time.js';
export { tagValue } from './tag-value.js';
