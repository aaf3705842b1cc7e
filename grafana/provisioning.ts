import type { Rule } from '@grafana/grafana-foundation-sdk/alerting';
import { alertRules } from './alerts.js';
import { CONTACT_UIDS, DATA_SOURCE, FOLDER } from './ids.js';
import type { Audience } from './rule.js';

// `${NAME}` below is filled in by Grafana from its own environment: see docs/how-to/compose.md.

/** On InfluxDB 2 and 3 a bucket is the InfluxQL database of the same name, and the token goes into a header. */
export const dataSources = () => ({
  apiVersion: 1,
  datasources: [
    {
      name: 'Trapline',
      uid: DATA_SOURCE.uid,
      type: DATA_SOURCE.type,
      access: 'proxy',
      url: `\${INFLUX_URL}`,
      isDefault: true,
      editable: false,
      jsonData: {
        version: 'InfluxQL',
        dbName: `\${INFLUX_BUCKET}`,
        httpMode: 'GET',
        timeInterval: '15s',
        httpHeaderName1: 'Authorization',
      },
      secureJsonData: { httpHeaderValue1: `Token \${INFLUX_TOKEN}` },
    },
  ],
});

export const dashboardProvider = () => ({
  apiVersion: 1,
  providers: [
    {
      name: 'trapline',
      orgId: 1,
      folder: FOLDER.title,
      folderUid: FOLDER.uid,
      type: 'file',
      disableDeletion: true,
      // Who wants another panel saves a copy: a change in place would be gone with the next version.
      allowUiUpdates: false,
      updateIntervalSeconds: 30,
      options: { path: '/etc/grafana/dashboards' },
    },
  ],
});

/** A rule as a provisioning file has it. */
const ruleInFile = ({
  uid,
  title,
  condition,
  data,
  noDataState,
  execErrState,
  annotations = {},
  labels,
  ...rule
}: Rule) => ({
  uid,
  title,
  condition,
  data,
  noDataState,
  execErrState,
  for: rule.for,
  dashboardUid: annotations['__dashboardUid__'],
  panelId: Number(annotations['__panelId__']),
  annotations,
  labels,
  isPaused: false,
});

const GROUPS: readonly { readonly audience: Audience; readonly name: string; readonly interval: string }[] = [
  { audience: 'editors', name: 'Redaktion / Editors', interval: '5m' },
  { audience: 'operators', name: 'Betrieb / Operations', interval: '1m' },
];

export const rules = () => ({
  apiVersion: 1,
  groups: GROUPS.map(({ audience, name, interval }) => ({
    orgId: 1,
    name,
    folder: FOLDER.title,
    interval,
    rules: alertRules()
      .filter(({ ruleGroup }) => ruleGroup === audience)
      .map(ruleInFile),
  })),
});

const EDITORS = 'Redaktion / Editors';
const OPERATORS = 'Betrieb / Operators';

const receivers = (emailUid: string, webhookUid: string, variable: string) => [
  {
    uid: emailUid,
    type: 'email',
    settings: { addresses: `\${TRAPLINE_${variable}_EMAIL}`, singleEmail: true },
    disableResolveMessage: false,
  },
  {
    uid: webhookUid,
    type: 'webhook',
    settings: { url: `\${TRAPLINE_${variable}_WEBHOOK}`, httpMethod: 'POST' },
    disableResolveMessage: false,
  },
];

export const contactPoints = () => ({
  apiVersion: 1,
  contactPoints: [
    {
      orgId: 1,
      name: EDITORS,
      receivers: receivers(CONTACT_UIDS.editorsEmail, CONTACT_UIDS.editorsWebhook, 'EDITORS'),
    },
    {
      orgId: 1,
      name: OPERATORS,
      receivers: receivers(CONTACT_UIDS.operatorsEmail, CONTACT_UIDS.operatorsWebhook, 'OPERATORS'),
    },
  ],
});

export const policies = () => ({
  apiVersion: 1,
  policies: [
    {
      orgId: 1,
      receiver: OPERATORS,
      group_by: ['alertname', 'trap'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '24h',
      routes: [{ receiver: EDITORS, object_matchers: [['audience', '=', 'editors']], repeat_interval: '7d' }],
    },
  ],
});
