import { describe, expect, test } from '@jest/globals';
import { dashboardFiles, provisioningFile, ruleFiles } from '../test/fixtures/grafana-files.js';
import { CONTACT_UIDS, DATA_SOURCE, EXPRESSIONS, FOLDER, RULE_UIDS } from './ids.js';

const rules = ruleFiles();

describe('alert rules', () => {
  test('every rule has its fixed uid', () => {
    expect(rules.map(({ uid }) => uid).sort()).toEqual(Object.values(RULE_UIDS).sort());
  });

  test.each(rules.map((rule) => [rule.title, rule] as const))(
    '%s: a query, a figure, a threshold, and the panel that shows it',
    (title, rule) => {
      expect(title).toMatch(/ \/ /);
      expect(rule.data.map(({ datasourceUid }) => datasourceUid)).toEqual([
        DATA_SOURCE.uid,
        EXPRESSIONS.uid,
        EXPRESSIONS.uid,
      ]);
      const [query, figure, fires] = rule.data;
      expect(figure?.model).toMatchObject({ type: 'reduce', expression: query?.refId });
      expect(fires?.model).toMatchObject({ type: 'threshold', expression: figure?.refId });
      expect(rule.condition).toBe(fires?.refId);
      const panel = dashboardFiles()
        .find(({ uid }) => uid === rule.dashboardUid)
        ?.panels.find(({ id }) => id === rule.panelId);
      expect(panel).toBeDefined();
      expect(rule.annotations['__panelId__']).toBe(String(rule.panelId));
    },
  );

  test('template variables do not work in rules: none is used', () => {
    for (const { data } of rules)
      for (const { model } of data) expect((model.query ?? '').replace('$timeFilter', '')).not.toContain('$');
  });

  test('Grafana fills in environment variables in titles and labels: none is there by accident', () => {
    for (const { title, labels, uid } of rules)
      expect(JSON.stringify([title, labels, uid])).not.toContain('$');
  });

  test('every audience has somebody who is told', () => {
    const { policies } = provisioningFile<{
      policies: { receiver: string; routes: { receiver: string; object_matchers: string[][] }[] }[];
    }>('alerting/policies.yaml');
    const { contactPoints } = provisioningFile<{
      contactPoints: { name: string; receivers: { uid: string }[] }[];
    }>('alerting/contact-points.yaml');
    const names = contactPoints.map(({ name }) => name);
    const [policy] = policies;
    expect(names).toContain(policy?.receiver);
    for (const { receiver } of policy?.routes ?? []) expect(names).toContain(receiver);
    expect(new Set(rules.map(({ labels }) => labels['audience']))).toEqual(new Set(['editors', 'operators']));
    expect(policy?.routes.map(({ object_matchers: [matcher] }) => matcher)).toEqual([
      ['audience', '=', 'editors'],
    ]);
    expect(contactPoints.flatMap(({ receivers }) => receivers.map(({ uid }) => uid)).sort()).toEqual(
      Object.values(CONTACT_UIDS).sort(),
    );
  });
});

test('the data source has the uid that the panels ask, and speaks InfluxQL', () => {
  const { datasources } = provisioningFile<{ datasources: Record<string, unknown>[] }>(
    'datasources/trapline.yaml',
  );
  expect(datasources).toMatchObject([{ ...DATA_SOURCE, jsonData: { version: 'InfluxQL' } }]);
});

test('rules and dashboards lie in one folder', () => {
  const { groups } = provisioningFile<{ groups: { folder: string }[] }>('alerting/rules.yaml');
  const { providers } = provisioningFile<{ providers: { folder: string }[] }>('dashboards/trapline.yaml');
  expect(new Set([...groups, ...providers].map(({ folder }) => folder))).toEqual(new Set([FOLDER.title]));
});
