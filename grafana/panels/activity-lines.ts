import { GraphDrawStyle, LegendDisplayMode, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { activity } from '../columns.js';
import { ACTIVITY_OF_GROUP } from '../filters.js';
import { InfluxQuery, type Select } from '../influxql.js';
import { titled, type Words } from '../words.js';
import { colourByName, legend, thresholds, tooltipOfAll } from './look.js';

const { field, tag } = activity;

const hourly = (columns: readonly string[]): Select => ({
  columns,
  from: activity.from,
  where: ACTIVITY_OF_GROUP,
  groupBy: [tag('trap')],
});

const curve = (words: Words) =>
  titled(new TimeSeries(), words)
    .drawStyle(GraphDrawStyle.Line)
    .showPoints(VisibilityMode.Auto)
    // An hour without recording is missing, not zero: the line is broken there.
    .spanNulls(false)
    .insertNulls(5_400_000)
    .colorScheme(colourByName())
    .legend(legend(LegendDisplayMode.List))
    .tooltip(tooltipOfAll())
    .noValue('–');

export const countAndBounds = () =>
  curve({
    de: 'Gezählt, erwartet, obere Schranke',
    en: 'Count, expected, upper bound',
    says: {
      de: 'Balken: Besuche der Stunde. Linie: was zu dieser Stunde bei dieser Aufnahmezeit zu erwarten ist. Gestrichelt: mehr ist ungewöhnlich.',
      en: 'Bars: visits of the hour. Line: what is to be expected at this hour with this effort. Dashed: more is unusual.',
    },
  })
    .withTarget(
      new InfluxQuery('A', hourly([`${field('count')} AS "visits"`])).named('$tag_trap Besuche / visits'),
    )
    .withTarget(
      new InfluxQuery('B', hourly([`${field('expected')} AS "expected"`])).named(
        '$tag_trap erwartet / expected',
      ),
    )
    .withTarget(
      new InfluxQuery('C', hourly([`${field('upper')} AS "upper"`])).named(
        '$tag_trap obere Schranke / upper',
      ),
    )
    .overrideByQuery('A', [
      { id: 'custom.drawStyle', value: 'bars' },
      { id: 'custom.fillOpacity', value: 60 },
    ])
    .overrideByQuery('C', [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } }])
    .unit('short')
    .min(0);

export const score = () =>
  curve({
    de: 'Wie ungewöhnlich',
    en: 'Score',
    says: {
      de: '(gezählt − erwartet) / (obere Schranke − erwartet). Über 1 ist ungewöhnlich.',
      en: '(count − expected) / (upper − expected). Above 1 is unusual.',
    },
  })
    .withTarget(new InfluxQuery('A', hourly([`${field('score')} AS "score"`])).named('$tag_trap'))
    .thresholds(thresholds('green', [1, 'red']))
    .decimals(2);

export const effort = () =>
  curve({
    de: 'Aufnahmezeit',
    en: 'Recording effort',
    says: {
      de: 'Aufgenommene Minuten je Stunde. Ohne Aufnahme gibt es keine Aussage, nicht null Insekten.',
      en: 'Minutes recorded in the hour. Without recording there is nothing to say, not zero insects.',
    },
  })
    .withTarget(new InfluxQuery('A', hourly([`${field('effort_min')} AS "effort"`])).named('$tag_trap'))
    .unit('m')
    .min(0)
    .max(60);
