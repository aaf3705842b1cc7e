import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import {
  GraphDrawStyle,
  LegendDisplayMode,
  StackingConfigBuilder,
  StackingMode,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { run } from '../columns.js';
import { VISITS_IN_HOURS, VISITS_OF_LABELS } from '../filters.js';
import { InfluxQuery, type Select } from '../influxql.js';
import { withNames } from '../label-names.js';
import { titled, type Words } from '../words.js';
import { COUNT } from './counts.js';
import { colourByName, legend, tooltipOfAll } from './look.js';

/** Bars on top of each other, one colour per series. */
const stackedBars = (words: Words, query: Select, alias: string) =>
  titled(new PanelBuilder(), words)
    .withTarget(new InfluxQuery('A', query).named(alias))
    .drawStyle(GraphDrawStyle.Bars)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .fillOpacity(80)
    .lineWidth(0)
    .colorScheme(colourByName())
    .legend(legend(LegendDisplayMode.List, 'sum'))
    .tooltip(tooltipOfAll())
    .unit('short')
    .decimals(0)
    .min(0)
    .noValue('0');

const perLabelAnd = (time: string): Select => ({
  columns: [COUNT],
  from: run.from,
  where: VISITS_OF_LABELS,
  groupBy: [time, run.tag('label')],
  // Bars are stacked at equal times only, and a label that is rare would draw a bar as wide as its gap.
  fill: 0,
  inTrapsZone: true,
});

export const visitsPerHour = () =>
  withNames(
    stackedBars(
      {
        de: 'Besuche je Stunde',
        en: 'Visits per hour',
        says: { de: 'Besuche jeder Stunde, nach Klasse.', en: 'Visits of each hour, by class.' },
      },
      perLabelAnd('time(1h)'),
      '$tag_label',
    ),
  );

export const visitsPerDay = () =>
  withNames(
    stackedBars(
      {
        de: 'Besuche je Tag',
        en: 'Visits per day',
        says: { de: 'Besuche jedes Tages, nach Klasse.', en: 'Visits of each day, by class.' },
      },
      perLabelAnd('time(1d)'),
      '$tag_label',
    ),
  );

/**
 * Grafana adds the days up: weeks of InfluxQL (`time(7d)`) begin an hour off on the other side of a change of the
 * clocks, and count from a Thursday.
 */
export const visitsPerWeek = () =>
  withNames(
    titled(new BarChart(), {
      de: 'Besuche je Woche',
      en: 'Visits per week',
      says: {
        de: 'Kalenderwochen, von Montag an, nach Klasse.',
        en: 'ISO weeks, from Monday on, by class.',
      },
    }),
  )
    .withTarget(new InfluxQuery('A', { ...perLabelAnd('time(1d)'), fill: 'none' }).asTable())
    .withTransformation({
      id: 'formatTime',
      options: { timeField: 'Time', outputFormat: 'GGGG-[W]WW', useTimezone: true },
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
      options: { columnField: 'label', rowField: 'Time', valueField: 'visits (sum)', emptyValue: 'zero' },
    })
    .stacking(StackingMode.Normal)
    .colorScheme(colourByName())
    .legend(legend(LegendDisplayMode.List))
    .tooltip(tooltipOfAll())
    .unit('short')
    .decimals(0)
    .min(0)
    .noValue('0');

export const visitsInChosenHours = () =>
  withNames(
    stackedBars(
      {
        de: 'Besuche zur gewählten Stunde',
        en: 'Visits at the chosen hour',
        says: {
          de: 'Besuche zur oben gewählten Stunde des Tages, Tag für Tag, in der Zeit der Falle.',
          en: 'Visits at the hour of the day that is chosen above, day by day, by the clock of the trap.',
        },
      },
      { ...perLabelAnd('time(1d)'), where: VISITS_IN_HOURS },
      '$tag_label',
    ).timeFrom('14d'),
  );
