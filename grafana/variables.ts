import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { HUMAN } from '../libs/domain/index.js';
import type { MeasurementName } from '../libs/timeseries/measurements.js';
import { DATA_SOURCE } from './ids.js';

// Without a time, InfluxDB 3 looks back for a day only.
const tagValues = (from: MeasurementName, tag: string, where = '') =>
  `SHOW TAG VALUES FROM "${from}" WITH KEY = "${tag}" WHERE ${where}time > now() - 365d`;

const tagVariable = (name: string, from: MeasurementName, tag: string, where?: string) =>
  new QueryVariableBuilder(name)
    .datasource(DATA_SOURCE)
    .query({ refId: `variable-${name}`, query: tagValues(from, tag, where), rawQuery: true })
    .definition(tagValues(from, tag, where))
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.NaturalAsc)
    .allowCustomValue(false);

const ALL = { text: ['All'], value: ['$__all'], selected: true };
const severalOf = (variable: QueryVariableBuilder) =>
  variable.multi(true).includeAll(true).allValue('.*').current(ALL);

/**
 * One model at a time: see filters.ts, where people come to each of them. The highest name comes first, so a newer version
 * wins by default.
 */
export const model = () =>
  tagVariable('model', 'insect_run', 'model', `"model" != '${HUMAN}' AND `)
    .label('Modell / Model')
    .description(
      'Ein Modell zur Zeit, sonst zählt ein neu bestimmter Besuch doppelt. / One model at a time, or a visit that was classified again counts twice.',
    )
    .sort(VariableSort.NaturalDesc)
    .multi(false)
    .includeAll(false);

/** @param from where the traps are known from: `trap_status` holds those too that have seen nothing */
export const traps = (from: MeasurementName = 'insect_run') =>
  severalOf(tagVariable('trap', from, 'trap'))
    .label('Falle / Trap')
    .description('Eine oder mehrere Fallen. / One or more traps.');

export const oneTrap = () =>
  tagVariable('trap', 'trap_status', 'trap')
    .label('Falle / Trap')
    .description('Die Falle, um die es geht. / The trap in question.')
    .multi(false)
    .includeAll(false);

export const labels = () =>
  severalOf(tagVariable('label', 'insect_run', 'label'))
    .label('Klasse / Class')
    .description('Klassen des Modells. / Labels of the model.');

export const group = () =>
  tagVariable('group', 'insect_activity', 'group')
    .label('Gruppe / Group')
    .description('Artengruppe, oder alle Insekten. / Taxon group, or all insects.')
    .current({ text: 'all', value: 'all', selected: true })
    .multi(false)
    .includeAll(false);

const ZONES = 'SELECT distinct("zone") FROM "trap_status" WHERE time > now() - 1d';

/** Of days and hours. Every trap says its zone once a minute, in a spelling that InfluxDB knows. */
export const zone = () =>
  new QueryVariableBuilder('zone')
    .datasource(DATA_SOURCE)
    .query({ refId: 'variable-zone', query: ZONES, rawQuery: true })
    .definition(ZONES)
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.NaturalAsc)
    .allowCustomValue(true)
    .label('Zeitzone / Time zone')
    .description(
      'Zeitzone, in der Tage und Stunden beginnen: die einer Falle. / Time zone in which days and hours begin: that of a trap.',
    )
    .multi(false)
    .includeAll(false);

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

/** Hour of the day at the trap. */
export const hour = () =>
  new CustomVariableBuilder('hour')
    .label('Stunde / Hour')
    .description('Stunde des Tages, in der Zeit der Falle. / Hour of the day, by the clock of the trap.')
    .values(HOURS.join(','))
    .options(HOURS.map((text) => ({ text, value: text, selected: false })))
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(ALL)
    .allowCustomValue(false);
