import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { event } from './columns.js';
import { EVENTS_OF_TRAPS } from './filters.js';
import { DATA_SOURCE } from './ids.js';
import { InfluxQuery, type InfluxTarget } from './influxql.js';

/** An annotation's query; the columns say which is text and which are tags. */
export interface AnnotationTarget extends InfluxTarget {
  readonly fromAnnotations: true;
  readonly queryType: 'tags';
  readonly name: string;
  readonly titleColumn: string;
  readonly textColumn: string;
  readonly tagsColumn: string;
  readonly timeEndColumn: string;
}

type Kind = 'episode' | 'first-sighting' | 'silent';

const annotationOf = (kind: Kind, name: string, color: string) =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor(color)
    .target({
      build: (): AnnotationTarget => ({
        ...new InfluxQuery('Anno', {
          columns: [event.field('text'), event.tag('trap'), event.tag('kind')],
          from: event.from,
          where: [...EVENTS_OF_TRAPS, `${event.tag('kind')} = '${kind}'`],
          newestFirst: true,
          limit: 500,
        })
          .asTable()
          .build(),
        // Grafana reads the columns of an InfluxQL annotation from here.
        fromAnnotations: true,
        queryType: 'tags',
        name,
        titleColumn: 'kind',
        textColumn: 'text',
        tagsColumn: 'trap',
        timeEndColumn: '',
      }),
    });

export const episodes = () => annotationOf('episode', 'Episoden / Episodes', 'orange');
export const firstSightings = () =>
  annotationOf('first-sighting', 'Erste Sichtungen / First sightings', 'green');
export const silences = () => annotationOf('silent', 'Falle stumm / Trap silent', 'red');
