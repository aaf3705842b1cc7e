import { GraphDrawStyle, LegendDisplayMode, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { pipeline } from '../columns.js';
import { InfluxQuery } from '../influxql.js';
import { titled, type Words } from '../words.js';
import { figure } from './figure.js';
import { colourByName, legend, thresholds, tooltipOfAll } from './look.js';

const now = (words: Words, column: string, noValue = '–') =>
  figure(words, { columns: [`last(${column}) AS "now"`], from: pipeline.from }, noValue);

const OUTBOX_AGE: Words = {
  de: 'Ältestes im Ausgang',
  en: 'Oldest in the outbox',
  says: {
    de: 'Wie lange das Älteste darauf wartet, hinauszugehen. Steigt es, nimmt InfluxDB oder der Broker nichts an.',
    en: 'How long the oldest waits to go out. If it rises, InfluxDB or the broker takes nothing.',
  },
};
const DEAD_LETTERS: Words = {
  de: 'Ausgesonderte Nachrichten',
  en: 'Dead letters',
  says: {
    de: 'Nachrichten und Messpunkte, die nie richtig sein können, mit Grund und Bytes in der REST-Schnittstelle.',
    en: 'Messages and points that can never be right, with reason and bytes in the REST API.',
  },
};
const SERVER_DISK: Words = {
  de: 'Freier Speicher des Servers',
  en: 'Free on the server',
  says: {
    de: 'Unter der Reserve wird nichts mehr angenommen, und nichts gelöscht.',
    en: 'Under the reserve nothing is taken any more, and nothing is deleted.',
  },
};

export const outboxAge = () =>
  now(OUTBOX_AGE, pipeline.field('outbox_oldest_s'))
    .unit('s')
    .thresholds(thresholds('green', [60, 'orange'], [600, 'red']));
export const deadLetters = () =>
  now(DEAD_LETTERS, pipeline.field('dead_letters')).thresholds(thresholds('green', [1, 'orange']));
export const queue = () =>
  now(
    {
      de: 'Warten auf Bestimmung',
      en: 'Waiting for the classifier',
      says: { de: 'Bilder, die noch nicht bestimmt sind.', en: 'Crops that are not classified yet.' },
    },
    pipeline.field('queue'),
  ).thresholds(thresholds('green', [5_000, 'orange']));
export const serverDisk = () =>
  now(SERVER_DISK, pipeline.field('disk_free_mb'))
    .unit('decmbytes')
    .decimals(1)
    .thresholds(thresholds('red', [2_000, 'orange'], [10_000, 'green']));

const line = (words: Words, column: string, unit: string) =>
  titled(new PanelBuilder(), words)
    .withTarget(
      new InfluxQuery('A', {
        columns: [column],
        from: pipeline.from,
        groupBy: ['time($__interval)'],
        fill: 'none',
      }).named(words.en),
    )
    .drawStyle(GraphDrawStyle.Line)
    .fillOpacity(10)
    .showPoints(VisibilityMode.Never)
    .colorScheme(colourByName())
    .legend(legend(LegendDisplayMode.Hidden))
    .tooltip(tooltipOfAll())
    .interval('15s')
    .unit(unit)
    .min(0)
    .noValue('–');

export const outboxDepthOverTime = () =>
  line(
    {
      de: 'Im Ausgang',
      en: 'In the outbox',
      says: {
        de: 'Was noch hinaus muss: Nachrichten an Fallen und Messpunkte.',
        en: 'What still has to go out: messages to traps, and points.',
      },
    },
    `max(${pipeline.field('outbox_depth')}) AS "waiting"`,
    'short',
  );
export const outboxAgeOverTime = () =>
  line(OUTBOX_AGE, `max(${pipeline.field('outbox_oldest_s')}) AS "age"`, 's');
export const cropsPerSecond = () =>
  line(
    {
      de: 'Bilder je Sekunde',
      en: 'Crops per second',
      says: { de: 'Empfangene Bilder.', en: 'Crops received.' },
    },
    `mean(${pipeline.field('crops_per_s')}) AS "crops"`,
    'short',
  );
export const deadLettersOverTime = () =>
  line(DEAD_LETTERS, `max(${pipeline.field('dead_letters')}) AS "dead"`, 'short');
export const serverDiskOverTime = () =>
  line(SERVER_DISK, `min(${pipeline.field('disk_free_mb')}) AS "free"`, 'decmbytes');
