import { stringify } from 'yaml';
import { oneTrapDashboard } from './one-trap.js';
import { operations } from './operations.js';
import { contactPoints, dashboardProvider, dataSources, policies, rules } from './provisioning.js';
import { season } from './season.js';
import type { Site } from './site.js';
import { today } from './today.js';
import { unusual } from './unusual.js';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const HEAD = '# Made by `npm run grafana:build`: change grafana/*.ts instead.\n';
// Unfolded and quoted: a query stays on one line, and `yes` or `0s` stays a text.
const STYLE = {
  lineWidth: 0,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
  aliasDuplicateObjects: false,
} as const;
// By way of JSON, which leaves out the methods of the SDK's objects.
const yaml = (value: unknown) => `${HEAD}${stringify(JSON.parse(JSON.stringify(value)), STYLE)}`;

/** Everything that Grafana reads at its start: path under grafana/ → text. */
export const filesFor = (site: Site): ReadonlyMap<string, string> =>
  new Map([
    ['dashboards/today.json', json(today(site).build())],
    ['dashboards/season.json', json(season(site).build())],
    ['dashboards/one-trap.json', json(oneTrapDashboard(site).build())],
    ['dashboards/unusual.json', json(unusual(site).build())],
    ['dashboards/operations.json', json(operations(site).build())],
    ['provisioning/datasources/trapline.yaml', yaml(dataSources())],
    ['provisioning/dashboards/trapline.yaml', yaml(dashboardProvider())],
    ['provisioning/alerting/rules.yaml', yaml(rules())],
    ['provisioning/alerting/contact-points.yaml', yaml(contactPoints())],
    ['provisioning/alerting/policies.yaml', yaml(policies())],
  ]);
