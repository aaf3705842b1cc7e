import {
  GraphDrawStyle,
  LegendDisplayMode,
  LineInterpolation,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { status } from '../columns.js';
import { InfluxQuery } from '../influxql.js';
import { titled, type Words } from '../words.js';
import { colourByName, colourByThreshold, legend, thresholds, tooltipOfAll } from './look.js';
import { overTime, SILENCE, STATES } from './trap-status.js';

export const onlineTimeline = () =>
  titled(new StateTimeline(), {
    de: 'Fallen an oder aus',
    en: 'Traps on or off',
    says: {
      de: 'Grün: da. Blau: schläft, wie angekündigt. Rot: aus oder stumm.',
      en: 'Green: there. Blue: asleep, as it said. Red: off or silent.',
    },
  })
    .withTarget(
      new InfluxQuery('A', overTime(`last(${status.field('state')}) AS "state"`)).named('$tag_trap'),
    )
    .mappings([STATES])
    .colorScheme(colourByThreshold())
    .thresholds(thresholds('red', [1, 'green'], [2, 'blue']))
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .legend(legend(LegendDisplayMode.List))
    .interval('1m')
    .noValue('–');

const lines = (words: Words, column: string, unit: string) =>
  titled(new TimeSeries(), words)
    .withTarget(new InfluxQuery('A', overTime(column)).named('$tag_trap'))
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(3_600_000)
    .colorScheme(colourByName())
    .legend(legend(LegendDisplayMode.List, 'lastNotNull'))
    .tooltip(tooltipOfAll())
    .interval('1m')
    .unit(unit)
    .noValue('–');

export const battery = () =>
  lines(
    {
      de: 'Akku',
      en: 'Battery',
      says: { de: 'Ladestand, wie ihn die Falle meldet.', en: 'Charge, as the trap reports it.' },
    },
    `mean(${status.field('battery_pct')}) AS "battery"`,
    'percent',
  )
    .min(0)
    .max(100);

export const temperature = () =>
  lines(
    {
      de: 'Temperatur der Falle',
      en: 'Temperature of the trap',
      says: { de: 'Wie sie die Falle meldet.', en: 'As the trap reports it.' },
    },
    `mean(${status.field('temp_c')}) AS "temperature"`,
    'celsius',
  );

export const trapDisk = () =>
  lines(
    {
      de: 'Freier Speicher der Falle',
      en: "Free on the trap's disk",
      says: {
        de: 'Ist er voll, nimmt die Falle nichts mehr auf.',
        en: 'When it is full, the trap records no more.',
      },
    },
    `last(${status.field('disk_free_mb')}) AS "disk"`,
    'decmbytes',
  ).min(0);

export const silence = () => lines(SILENCE, `max(${status.field('age_s')}) / 60 AS "minutes"`, 'm').min(0);
