import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { run } from '../columns.js';
import { MODEL } from '../filters.js';
import { InfluxQuery } from '../influxql.js';
import { type Site, traplineUrl } from '../site.js';
import { descriptionOf, titled, titleOf, type Words } from '../words.js';
import { linksOfRun } from './pictures.js';

const { field, tag } = run;

/** Every column of every run, false sightings too. */
export const rawTable = (site: Site) =>
  titled(new Table(), {
    de: 'Rohdaten',
    en: 'Raw table',
    says: {
      de: 'Alle Spalten der neuesten 1000 Besuche, auch der Fehlalarme. Alles: siehe Downloads.',
      en: 'All columns of the newest 1000 runs, false sightings too. For everything see the downloads.',
    },
  })
    .withTarget(
      new InfluxQuery('A', {
        columns: [
          tag('trap'),
          field('run_id'),
          field('name'),
          tag('label'),
          tag('taxon'),
          tag('insect'),
          field('probability'),
          field('unsure'),
          field('duration_s'),
          field('crops'),
          field('size_rel'),
          field('thumb'),
        ],
        from: run.from,
        where: [MODEL, `${tag('trap')} =~ /^\${trap:regex}$/`, `${tag('label')} =~ /^\${label:regex}$/`],
        newestFirst: true,
        limit: 1000,
      }).asTable(),
    )
    .dataLinks(linksOfRun(site))
    .filterable(true)
    .noValue('–');

const DOWNLOADS: Words = {
  de: 'Downloads',
  en: 'Downloads',
  says: {
    de: 'Die Daten des Zeitraums, von Trapline.',
    en: 'The data of the period, from Trapline.',
  },
};

/** Links of the period that is shown. In a window of their own: any other link Grafana takes for one of its pages. */
export const downloads = (site: Site) => {
  const period = `from=\${__from:date:iso}&amp;to=\${__to:date:iso}`;
  const link = (path: string, what: string) =>
    `<li><a href="${traplineUrl(site, path)}?${period}" target="_blank">${what}</a></li>`;
  const file = (name: string, what: string) => link(`/api/v1/downloads/${name}`, what);
  return new Text()
    .title(titleOf(DOWNLOADS))
    .description(descriptionOf(DOWNLOADS))
    .mode(TextMode.HTML)
    .content(
      [
        '<ul>',
        link('/downloads', 'Auswählen / Choose'),
        file('runs.csv', 'Besuche / Visits (CSV)'),
        file('crops.csv', 'Bilder, Spalten von insect-detect / Crops, columns of insect-detect (CSV)'),
        file('images.zip', 'Bilder / Pictures (ZIP)'),
        file('camtrap-dp.zip', 'Camtrap DP'),
        '</ul>',
      ].join('\n'),
    );
};
