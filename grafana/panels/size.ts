import { GraphDrawStyle, LegendDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { run } from '../columns.js';
import { VISITS } from '../filters.js';
import { InfluxQuery } from '../influxql.js';
import { withNames } from '../label-names.js';
import { titled } from '../words.js';
import { colourByName, legend, tooltipOfAll } from './look.js';

/** How large insects appear: a sign of taxa that look alike, and of a camera that was moved. */
export const sizeOverTime = () =>
  withNames(
    titled(new TimeSeries(), {
      de: 'Größe im Bild',
      en: 'Size in the picture',
      says: {
        de: 'Mittlere längere Seite der Insekten, als Anteil des Bildes.',
        en: 'Mean longer side of the insects, as a share of the frame.',
      },
    }),
  )
    .withTarget(
      new InfluxQuery('A', {
        columns: [`mean(${run.field('size_rel')}) AS "size"`],
        from: run.from,
        where: VISITS,
        groupBy: ['time(1h)', run.tag('label')],
        fill: 'none',
        inTrapsZone: true,
      }).named('$tag_label'),
    )
    .drawStyle(GraphDrawStyle.Points)
    .colorScheme(colourByName())
    .legend(legend(LegendDisplayMode.List, 'mean'))
    .tooltip(tooltipOfAll())
    .unit('percentunit')
    .min(0)
    .noValue('–');
