import {
  HeatmapCellLayout,
  TableCellBackgroundDisplayMode,
  TableCellDisplayMode,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapTooltipBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { activity, run } from '../columns.js';
import { ACTIVITY_IN_HOURS, VISITS_OF_LABELS } from '../filters.js';
import { InfluxQuery, type Select } from '../influxql.js';
import { withNames } from '../label-names.js';
import { titled, type Words } from '../words.js';
import { COUNT } from './counts.js';
import { colourByCount } from './look.js';

/** One row of cells per series, the darker the more. */
const heatMap = (words: Words, query: Select, alias: string) =>
  titled(new PanelBuilder(), words)
    .withTarget(new InfluxQuery('A', query).named(alias))
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .color(
      new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Blues').reverse(false).steps(64),
    )
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).showColorScale(true))
    .cellGap(1)
    .noValue('0');

const PER_HOUR: Select = {
  columns: [COUNT],
  from: run.from,
  where: VISITS_OF_LABELS,
  groupBy: ['time(1h)', run.tag('label')],
  inTrapsZone: true,
};

export const classByHour = () =>
  withNames(
    heatMap(
      {
        de: 'Klasse × Stunde',
        en: 'Class × hour',
        says: {
          de: 'Wann welche Klasse kommt: eine Zeile je Klasse, eine Spalte je Stunde.',
          en: 'When which class comes: a row per class, a column per hour.',
        },
      },
      { ...PER_HOUR, fill: 0 },
      '$tag_label',
    ),
  );

export const hourByDay = () =>
  heatMap(
    {
      de: 'Stunde × Tag',
      en: 'Hour × day',
      says: {
        de: 'Besuche je Stunde des Tages (Zeit der Falle), eine Spalte je Tag.',
        en: 'Visits per hour of the day (clock of the trap), a column per day.',
      },
    },
    {
      columns: [`sum(${activity.field('count')}) AS "visits"`],
      from: activity.from,
      where: ACTIVITY_IN_HOURS,
      groupBy: ['time(1d)', activity.tag('hour')],
      fill: 'null',
      inTrapsZone: true,
    },
    '$tag_hour h',
  );

/**
 * Class × hour of the day over many days. InfluxQL has no hour of the day, so Grafana adds up the hours: time as
 * `HH`, sum per class and hour, then a matrix.
 */
export const classByHourOfDay = () =>
  titled(new Table(), {
    de: 'Klasse × Stunde des Tages',
    en: 'Class × hour of the day',
    says: {
      de: 'Besuche aller Tage des Zeitraums, nach Klasse und Stunde des Tages in der Zeitzone dieser Ansicht.',
      en: "Visits of all days of the period, by class and hour of the day in this dashboard's time zone.",
    },
  })
    .withTarget(new InfluxQuery('A', { ...PER_HOUR, fill: 'none' }).asTable())
    .withTransformation({
      id: 'formatTime',
      options: { timeField: 'Time', outputFormat: 'HH', useTimezone: true },
    })
    .withTransformation({
      id: 'groupBy',
      options: {
        fields: {
          Time: { operation: 'groupby', aggregations: [] },
          label: { operation: 'groupby', aggregations: [] },
          visits: { operation: 'aggregate', aggregations: ['sum'] },
        },
      },
    })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'Time', desc: false }] } })
    .withTransformation({
      id: 'groupingToMatrix',
      options: { columnField: 'Time', rowField: 'label', valueField: 'visits (sum)', emptyValue: 'zero' },
    })
    .cellOptions({ type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic })
    .overrideByRegexp('/label/', [
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Auto } },
      { id: 'displayName', value: 'Klasse / Class' },
      { id: 'custom.width', value: 160 },
    ])
    .colorScheme(colourByCount())
    .decimals(0)
    .noValue('0');
