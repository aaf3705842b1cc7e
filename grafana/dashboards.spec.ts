import { describe, expect, test } from '@jest/globals';
import { dashboardFiles, type PanelInFile } from '../test/fixtures/grafana-files.js';
import { DASHBOARD_UIDS, DATA_SOURCE, PANEL_IDS } from './ids.js';

const files = dashboardFiles();
const panels = files.flatMap((dashboard) => dashboard.panels.map((panel) => ({ ...panel, dashboard })));
const withQueries = panels.filter(({ type }) => type !== 'text');
const queries = withQueries.flatMap(({ targets = [], title }) =>
  targets.map((target) => ({ ...target, title })),
);

const unique = (of: readonly unknown[]) => expect(new Set(of).size).toBe(of.length);
const GERMAN_AND_ENGLISH = /^\S.* \/ \S.*$/;

describe('names', () => {
  test('every dashboard has its fixed uid', () => {
    expect(files.map(({ uid }) => uid).sort()).toEqual(Object.values(DASHBOARD_UIDS).sort());
  });

  test('every panel has its fixed id, and no id stands twice', () => {
    const known = Object.values(PANEL_IDS).flatMap((of) => Object.values(of) as number[]);
    unique(known);
    expect(panels.map(({ id }) => id).sort()).toEqual([...known].sort());
  });

  test.each(files.map((file) => [file.title, file] as const))(
    '%s and its variables and annotations have German and English names',
    (title, file) => {
      expect(title).toMatch(GERMAN_AND_ENGLISH);
      expect(file.description).toMatch(GERMAN_AND_ENGLISH);
      for (const { name } of file.annotations.list) expect(name).toMatch(GERMAN_AND_ENGLISH);
      for (const { label, description } of file.templating.list as unknown as {
        label: string;
        description: string;
      }[]) {
        expect(label).toMatch(GERMAN_AND_ENGLISH);
        expect(description).toMatch(GERMAN_AND_ENGLISH);
      }
    },
  );

  test.each(panels.map(({ title, description }) => [title, description]))(
    '%s has two names and two descriptions',
    (title, description) => {
      expect(title).toMatch(GERMAN_AND_ENGLISH);
      expect(description).toMatch(/^\S.+\n\n\S.+$/);
    },
  );
});

describe('data', () => {
  test('every panel, query, variable and annotation asks the one data source', () => {
    for (const { datasource } of [...withQueries, ...queries]) expect(datasource).toEqual(DATA_SOURCE);
    for (const { templating, annotations } of files) {
      for (const { type, datasource } of templating.list)
        if (type === 'query') expect(datasource).toEqual(DATA_SOURCE);
      for (const { datasource, target } of annotations.list) {
        expect(datasource).toEqual(DATA_SOURCE);
        expect(target.datasource).toEqual(DATA_SOURCE);
      }
    }
  });

  test('every SELECT has the time filter of the dashboard', () => {
    for (const { query } of queries)
      expect(query.split('$timeFilter').length - 1).toBe(query.split('SELECT').length - 1);
  });

  test('every query on runs chooses one model, so nothing counts twice', () => {
    const onRuns = queries.filter(({ query }) => query.includes('FROM "insect_run"'));
    expect(onRuns.length).toBeGreaterThan(20);
    for (const { query } of onRuns) expect(query).toContain(`"model" = '\${model}'`);
  });

  test('every count of runs is one of insects or of false sightings', () => {
    for (const { query } of queries.filter(({ query }) => query.includes('count("probability")')))
      expect(query).toMatch(/"insect" = '(yes|no)'/);
  });

  test('every variable in a query is one of its dashboard, and several values come as a regular expression', () => {
    for (const { panels: of, templating } of files)
      for (const { query } of of.flatMap(({ targets = [] }) => targets))
        for (const [, name, format] of query.matchAll(/\$\{(\w+)(?::(\w+))?\}/g)) {
          const variable = templating.list.find((one) => one.name === name);
          expect(variable).toBeDefined();
          if (variable?.multi) expect(format).toBe('regex');
        }
  });

  test('a panel without data says so, and a count says 0', () => {
    for (const { type, fieldConfig, targets } of withQueries) {
      expect(fieldConfig?.defaults.noValue).toBeTruthy();
      if (type === 'stat' && targets?.some(({ query }) => /\bcount\(/.test(query)))
        expect(fieldConfig?.defaults.noValue).toBe('0');
    }
  });

  test('queries are written out, in the classic format', () => {
    for (const { rawQuery, resultFormat, refId } of queries) {
      expect(rawQuery).toBe(true);
      expect(['time_series', 'table']).toContain(resultFormat);
      expect(refId).toMatch(/^[A-Z]$/);
    }
    for (const { schemaVersion } of files) expect(schemaVersion).toBe(42);
  });
});

describe('place', () => {
  const apart = (a: PanelInFile, b: PanelInFile) =>
    a.gridPos.x + a.gridPos.w <= b.gridPos.x ||
    b.gridPos.x + b.gridPos.w <= a.gridPos.x ||
    a.gridPos.y + a.gridPos.h <= b.gridPos.y ||
    b.gridPos.y + b.gridPos.h <= a.gridPos.y;

  test.each(files.map((file) => [file.title, file.panels] as const))(
    '%s: no panel lies over another, and none beyond the edge',
    (_, of) => {
      for (const [i, panel] of of.entries()) {
        expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
        for (const other of of.slice(i + 1))
          expect([panel.title, other.title, apart(panel, other)]).toEqual([panel.title, other.title, true]);
      }
    },
  );
});

describe('pictures', () => {
  test('a path from InfluxDB becomes an address that Trapline serves', () => {
    const tables = JSON.stringify(panels).match(/"pattern":"([^"]+)","result":\{"index":0,"text":"([^"]+)"/);
    const [, pattern, text] = tables ?? [];
    // As Grafana applies it: the whole value must match, unless the pattern begins with a slash.
    const address = '/api/v1/runs/meadow-1/run-1/crops/0001/thumbnail'.replace(
      new RegExp(`^${pattern}$`),
      text ?? '',
    );
    expect(address).toBe('/api/v1/runs/meadow-1/run-1/crops/0001/thumbnail');
  });

  test('every table of runs leads to the page of the run, and the trap table to that of the trap', () => {
    const urls = panels.flatMap(({ fieldConfig, title }) =>
      (fieldConfig?.defaults.links ?? []).map(({ url }) => [title.split(' / ')[1], url]),
    );
    const ofRun = '/grafana/trapline/runs/${__data.fields.trap}/${__data.fields.run_id}';
    for (const title of ['Latest insects', 'The last run', 'Raw table'])
      expect(urls).toContainEqual([title, ofRun]);
    expect(urls).toContainEqual(['Traps', '/grafana/trapline/traps/${__data.fields.trap}']);
  });

  test('every dashboard leads to the pictures', () => {
    for (const { links } of files) expect(links.map(({ url }) => url)).toContain('/grafana/trapline/gallery');
  });

  test('the map calls no foreign server', () => {
    const maps = JSON.stringify(panels.filter(({ type }) => type === 'geomap'));
    expect(maps).not.toMatch(/https?:|carto|osm-standard|esri|"type":"default"/);
  });
});
