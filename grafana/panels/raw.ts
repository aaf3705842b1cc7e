import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { run } from '../columns.js';
import { MODEL } from '../filters.js';
import { InfluxQuery } from '../influxql.js';
import { apiUrl, type Site } from '../site.js';
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
    de: 'Die Daten des Zeitraums aus Traplines REST-Schnittstelle. Sie verlangt einen Schlüssel.',
    en: "The data of the period from Trapline's REST API. It asks for a key.",
  },
};

/** Links of the period that is shown; the API asks for a key, which a browser's link cannot send: hence `curl` too. */
export const downloads = (site: Site) => {
  const url = `${apiUrl(site)}/downloads`;
  const period = `from=\${__from:date:iso}&to=\${__to:date:iso}`;
  const link = (file: string, what: string) => `- [${what}](${url}/${file}?${period})`;
  return new Text()
    .title(titleOf(DOWNLOADS))
    .description(descriptionOf(DOWNLOADS))
    .mode(TextMode.Markdown)
    .content(
      [
        link('runs.csv', 'Besuche / visits (CSV)'),
        link('crops.csv', 'Bilder, Spalten von insect-detect / crops, columns of insect-detect (CSV)'),
        link('images.zip', 'Bilder / pictures (ZIP)'),
        link('camtrap-dp.zip', 'Camtrap DP'),
        '',
        'Mit Schlüssel / with a key: `curl -OJ -H "Authorization: Bearer …" "<Link>"`',
      ].join('\n'),
    );
};
