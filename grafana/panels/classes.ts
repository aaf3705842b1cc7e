import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  LegendDisplayMode,
  LegendPlacement,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  PanelBuilder as PieChart,
  PieChartLegendOptionsBuilder,
  PieChartLegendValues,
  PieChartType,
} from '@grafana/grafana-foundation-sdk/piechart';
import { run } from '../columns.js';
import { FALSE_SIGHTINGS, VISITS_OF_LABELS } from '../filters.js';
import { InfluxQuery, type Select } from '../influxql.js';
import { withNames } from '../label-names.js';
import { titled, type Words } from '../words.js';
import { COUNT } from './counts.js';
import { colourByCount, colourByName, everyRow, reduceTo } from './look.js';

/** `name` for tables: a label is a code. Of points that an earlier version wrote there is none. */
const NAME = `last(${run.field('name')}) AS "name"`;

const perLabel = (where: readonly string[], column = COUNT): Select => ({
  columns: [column],
  from: run.from,
  where,
  groupBy: [run.tag('label')],
});

/** Longest bar first. InfluxQL sorts by time only, so Grafana does it. */
const ranked = (words: Words, query: Select, column: string, limit: number) =>
  titled(new BarGauge(), words)
    .withTarget(new InfluxQuery('A', { ...query, columns: [...query.columns, NAME] }).asTable())
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: column, desc: true }] } })
    .withTransformation({ id: 'limit', options: { limitField: limit } })
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true, label: true } } })
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .reduceOptions(everyRow())
    .colorScheme(colourByCount())
    .unit('short')
    .min(0)
    .noValue('0');

export const topSightings = (limit = 10) =>
  ranked(
    {
      de: 'Häufigste Sichtungen',
      en: 'Top sightings',
      says: {
        de: 'Besuche je Klasse, die häufigsten zuerst.',
        en: 'Visits per class, the most frequent first.',
      },
    },
    perLabel(VISITS_OF_LABELS),
    'visits',
    limit,
  );

export const totals = () =>
  ranked(
    {
      de: 'Summe je Klasse',
      en: 'Totals per class',
      says: { de: 'Alle Besuche des Zeitraums je Klasse.', en: 'All visits of the period per class.' },
    },
    perLabel(VISITS_OF_LABELS),
    'visits',
    50,
  );

export const falseSightingsPerLabel = () =>
  ranked(
    {
      de: 'Fehlalarme je Art',
      en: 'False sightings by kind',
      says: {
        de: 'Was ausgelöst hat, ohne ein Insekt zu sein: Schatten, Blätter, Untergrund.',
        en: 'What set the trap off and was no insect: shadows, leaves, background.',
      },
    },
    perLabel(FALSE_SIGHTINGS),
    'visits',
    10,
  );

export const meanStay = () =>
  ranked(
    {
      de: 'Mittlere Aufenthaltsdauer',
      en: 'Mean stay',
      says: {
        de: 'Wie lange Insekten einer Klasse im Mittel bleiben. Besuche ohne bekannte Dauer fehlen.',
        en: 'How long insects of a class stay on average. Visits of unknown length are left out.',
      },
    },
    perLabel(VISITS_OF_LABELS, `mean(${run.field('duration_s')}) AS "stay"`),
    'stay',
    50,
  )
    .unit('s')
    .decimals(1);

export const shareOfClasses = () =>
  withNames(
    titled(new PieChart(), {
      de: 'Anteile der Klassen',
      en: 'Share of classes',
      says: { de: 'Anteil jeder Klasse an den Besuchen.', en: 'Share of each class of the visits.' },
    }),
  )
    .withTarget(new InfluxQuery('A', perLabel(VISITS_OF_LABELS)).named('$tag_label'))
    .pieType(PieChartType.Donut)
    .reduceOptions(reduceTo('sum'))
    .legend(
      new PieChartLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .showLegend(true)
        .values([PieChartLegendValues.Value, PieChartLegendValues.Percent]),
    )
    .colorScheme(colourByName())
    .unit('short')
    .noValue('0');

export const visitsPerTrap = () =>
  titled(new BarGauge(), {
    de: 'Besuche je Falle',
    en: 'Visits per trap',
    says: { de: 'Wo die Insekten waren.', en: 'Where the insects were.' },
  })
    .withTarget(
      new InfluxQuery('A', {
        columns: [COUNT],
        from: run.from,
        where: VISITS_OF_LABELS,
        groupBy: [run.tag('trap')],
      }).asTable(),
    )
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'visits', desc: true }] } })
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } })
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .reduceOptions(everyRow())
    .colorScheme(colourByCount())
    .unit('short')
    .min(0)
    .noValue('0');
