import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { status } from '../columns.js';
import { STATUS_OF_TRAPS } from '../filters.js';
import type { Select } from '../influxql.js';
import type { Words } from '../words.js';

/** A trap that sleeps as it said is well. */
export const STATES = {
  type: MappingType.ValueToText as const,
  options: {
    '0': { text: 'aus / off', color: 'red', index: 0 },
    '1': { text: 'an / on', color: 'green', index: 1 },
    '2': { text: 'schläft / asleep', color: 'blue', index: 2 },
  },
};

/** The newest value of each chosen trap. */
export const lastOfEach = (column: string): Select => ({
  columns: [column],
  from: status.from,
  where: STATUS_OF_TRAPS,
  groupBy: [status.tag('trap')],
});

/** Minutes are enough: the state of a trap is written once a minute. */
export const overTime = (column: string): Select => ({
  ...lastOfEach(column),
  groupBy: ['time($__interval)', status.tag('trap')],
  fill: 'none',
});

export const SILENCE: Words = {
  de: 'Minuten seit der letzten Nachricht',
  en: 'Minutes since the last message',
  says: {
    de: 'Seit der letzten Nachricht jeder Art.',
    en: 'Since the last message of any kind.',
  },
};
