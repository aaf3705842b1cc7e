import { TableCellDisplayMode, TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import { DashboardLinkBuilder, MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { run } from '../columns.js';
import { VISITS_OF_LABELS } from '../filters.js';
import { InfluxQuery, type Select } from '../influxql.js';
import { pictureUrl, type Site, traplineUrl } from '../site.js';
import { titled, type Words } from '../words.js';

const RUN_OF_ROW = `\${__data.fields.trap}/\${__data.fields.run_id}`;

/** Only paths are stored: this puts the address before them. Such a pattern must not begin with a slash of its own. */
const addressBeforePath = (site: Site) => ({
  type: MappingType.RegexToText as const,
  options: { pattern: '[/](api/v1/runs/.+)', result: { index: 0, text: pictureUrl(site, '/$1') } },
});

export const linksOfRun = (site: Site) => [
  new DashboardLinkBuilder('Besuch öffnen / Open the visit')
    .url(traplineUrl(site, `/runs/${RUN_OF_ROW}`))
    .targetBlank(true),
  new DashboardLinkBuilder('Bilder (ZIP) / Pictures (ZIP)')
    .url(traplineUrl(site, `/api/v1/runs/${RUN_OF_ROW}/images.zip`))
    .targetBlank(true),
];

/** Of `unsure`: only what is doubtful is to catch the eye. */
const YES_OR_NO = {
  type: MappingType.ValueToText as const,
  options: {
    '0': { text: '–', index: 0 },
    '1': { text: 'ja / yes', color: 'orange', index: 1 },
  },
};

const NAMES: readonly (readonly [column: string, name: string])[] = [
  ['Time', 'Zeit / Time'],
  ['name', 'Name'],
  ['label', 'Klasse / Class'],
  ['trap', 'Falle / Trap'],
  ['probability', 'Wahrscheinlichkeit / Probability'],
  ['duration_s', 'Dauer / Stay'],
  ['crops', 'Bilder / Crops'],
  ['unsure', 'Unsicher / Unsure'],
];

const newestRuns = (limit: number): Select => ({
  columns: [
    run.field('thumb'),
    run.field('name'),
    run.tag('label'),
    run.field('probability'),
    run.field('unsure'),
    run.tag('trap'),
    run.field('duration_s'),
    run.field('crops'),
    run.field('run_id'),
  ],
  from: run.from,
  where: VISITS_OF_LABELS,
  newestFirst: true,
  limit,
});

const pictureTable = (site: Site, words: Words, limit: number, pictureWidth: number) => {
  const table = titled(new PanelBuilder(), words)
    .withTarget(new InfluxQuery('A', newestRuns(limit)).asTable())
    .cellHeight(TableCellHeight.Lg)
    .dataLinks(linksOfRun(site))
    .overrideByName('thumb', [
      { id: 'displayName', value: 'Bild / Picture' },
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Image, alt: 'Bild / picture' } },
      { id: 'custom.width', value: pictureWidth },
      { id: 'mappings', value: [addressBeforePath(site)] },
    ])
    .overrideByName('probability', [
      { id: 'unit', value: 'percentunit' },
      { id: 'decimals', value: 0 },
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Gauge, mode: 'basic' } },
      { id: 'min', value: 0 },
      { id: 'max', value: 1 },
    ])
    .overrideByName('unsure', [
      { id: 'mappings', value: [YES_OR_NO] },
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
    ])
    .overrideByName('duration_s', [{ id: 'unit', value: 's' }])
    .overrideByName('run_id', [{ id: 'displayName', value: 'Run' }]);
  for (const [column, name] of NAMES) table.overrideByName(column, [{ id: 'displayName', value: name }]);
  return table.noValue('–');
};

export const latestInsects = (site: Site) =>
  pictureTable(
    site,
    {
      de: 'Letzte Insekten',
      en: 'Latest insects',
      says: {
        de: 'Die neuesten Besuche mit Bild. Ein Klick auf eine Zelle führt zur Seite des Besuchs und zum ZIP seiner Bilder.',
        en: 'The newest visits with a picture. A click on a cell leads to the page of the visit, and to the ZIP of its pictures.',
      },
    },
    50,
    110,
  );

export const lastRun = (site: Site) =>
  pictureTable(
    site,
    {
      de: 'Der letzte Besuch',
      en: 'The last run',
      says: {
        de: 'Der neueste Besuch, auch wenn er länger her ist. Ein Klick auf das Bild führt zur Seite des Besuchs.',
        en: 'The newest visit, however long ago. A click on the picture leads to the page of the visit.',
      },
    },
    1,
    260,
  )
    .timeFrom('1y')
    .hideTimeOverride(true);
