import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { activity, event } from '../columns.js';
import { ACTIVITY_OF_GROUP, EVENTS_OF_TRAPS } from '../filters.js';
import { InfluxQuery } from '../influxql.js';
import { titled } from '../words.js';
import { UNUSUAL } from './activity-figures.js';

const { field, tag } = activity;

export const unusualTable = () =>
  titled(new Table(), {
    de: 'Ungewöhnliche Stunden im Einzelnen',
    en: 'Unusual hours one by one',
    says: { de: 'Die neuesten zuerst.', en: 'The newest first.' },
  })
    .withTarget(
      new InfluxQuery('A', {
        columns: [
          tag('trap'),
          tag('group'),
          tag('hour'),
          ...(['count', 'expected', 'upper', 'score', 'effort_min'] as const).map(field),
        ],
        from: activity.from,
        where: [...ACTIVITY_OF_GROUP, ...UNUSUAL],
        newestFirst: true,
        limit: 200,
      }).asTable(),
    )
    .decimals(1)
    .noValue('–');

export const eventTable = () =>
  titled(new Table(), {
    de: 'Ereignisse',
    en: 'Events',
    says: {
      de: 'Episoden, erste Sichtungen und stumme Fallen.',
      en: 'Episodes, first sightings and silent traps.',
    },
  })
    .withTarget(
      new InfluxQuery('A', {
        columns: [event.tag('trap'), event.tag('kind'), event.field('text')],
        from: event.from,
        where: EVENTS_OF_TRAPS,
        newestFirst: true,
        limit: 200,
      }).asTable(),
    )
    .noValue('–');
