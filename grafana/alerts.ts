import { activity, event, pipeline, status } from './columns.js';
import { DASHBOARD_UIDS, PANEL_IDS, RULE_UIDS } from './ids.js';
import { MIN_UNUSUAL_VISITS, UNUSUAL_SCORE } from './panels/activity-figures.js';
import { type RuleOf, ruleOf } from './rule.js';

const MINUTE_S = 60;
const HOUR_S = 3_600;

// The thresholds, in one place.
/** Traps are off at night: one that says nothing for a whole day is silent. A sleep that it announced does not count. */
const SILENT_AFTER_H = 24;
const BATTERY_LOW_PCT = 15;
const TRAP_DISK_LOW_MB = 1_000;
const SERVER_DISK_LOW_MB = 2_000;
const OUTBOX_OLD_S = 600;

/** Something is off that nobody sees otherwise; without data there is nothing to say. */
const QUIET = { noData: 'OK', onError: 'KeepLast' } as const;
/** Where the service writes nothing, or InfluxDB does not answer, that itself is the news. */
const LOUD = { noData: 'Alerting', onError: 'Alerting' } as const;

const perTrap = (column: string, where: readonly string[] = []) => ({
  columns: [column],
  from: status.from,
  where,
  groupBy: [status.tag('trap')],
});

const service = (column: string) => ({ columns: [column], from: pipeline.from });

const RULES: readonly RuleOf[] = [
  {
    uid: RULE_UIDS.unusualActivity,
    de: 'Ungewöhnlich viele Insekten',
    en: 'Unusual activity',
    summary: {
      de: 'An {{ $labels.trap }} sind mehr Insekten ({{ $labels.group }}) als zu dieser Stunde üblich.',
      en: 'More insects ({{ $labels.group }}) at {{ $labels.trap }} than usual for the hour.',
    },
    audience: 'editors',
    query: {
      columns: [`max(${activity.field('score')}) AS "score"`],
      from: activity.from,
      where: [`${activity.field('count')} >= ${MIN_UNUSUAL_VISITS}`],
      groupBy: [activity.tag('trap'), activity.tag('group')],
    },
    // A point stands at the start of its hour and comes after its end.
    windowS: 3 * HOUR_S,
    reducer: 'max',
    fires: { type: 'gt', than: UNUSUAL_SCORE },
    pending: '0s',
    ...QUIET,
    panel: { dashboard: DASHBOARD_UIDS.unusual, id: PANEL_IDS.unusual.countAndBounds },
  },
  {
    uid: RULE_UIDS.firstSighting,
    de: 'Erste Sichtung',
    en: 'First sighting',
    summary: {
      de: 'Erste Sichtung an {{ $labels.trap }}: {{ $labels.taxon }}.',
      en: 'First sighting at {{ $labels.trap }}: {{ $labels.taxon }}.',
    },
    audience: 'editors',
    query: {
      columns: [`count(${event.field('text')}) AS "sightings"`],
      from: event.from,
      where: [`${event.tag('kind')} = 'first-sighting'`],
      groupBy: [event.tag('trap'), event.tag('taxon')],
    },
    windowS: 6 * HOUR_S,
    reducer: 'last',
    fires: { type: 'gt', than: 0 },
    pending: '0s',
    ...QUIET,
    panel: { dashboard: DASHBOARD_UIDS.unusual, id: PANEL_IDS.unusual.eventTable },
  },
  {
    uid: RULE_UIDS.trapSilent,
    de: 'Falle stumm',
    en: 'Trap silent',
    summary: {
      de: '{{ $labels.trap }} sollte sich seit {{ $values.figure }} Stunden gemeldet haben.',
      en: '{{ $labels.trap }} should have sent a message {{ $values.figure }} hours ago.',
    },
    audience: 'operators',
    // The service writes this for every known trap, also for one that is off: a series that just ended would not alert.
    query: perTrap(`last(${status.field('overdue_s')}) / ${HOUR_S} AS "hours"`, [
      `${status.field('online')} = 0`,
    ]),
    windowS: 15 * MINUTE_S,
    reducer: 'last',
    fires: { type: 'gt', than: SILENT_AFTER_H },
    pending: '5m',
    ...QUIET,
    panel: { dashboard: DASHBOARD_UIDS.operations, id: PANEL_IDS.operations.silence },
  },
  {
    uid: RULE_UIDS.batteryLow,
    de: 'Akku schwach',
    en: 'Battery low',
    summary: {
      de: 'Der Akku von {{ $labels.trap }} hat noch {{ $values.figure }} %.',
      en: 'The battery of {{ $labels.trap }} is at {{ $values.figure }} %.',
    },
    audience: 'operators',
    query: perTrap(`last(${status.field('battery_pct')}) AS "battery"`),
    windowS: 24 * HOUR_S,
    reducer: 'last',
    fires: { type: 'lt', than: BATTERY_LOW_PCT },
    pending: '10m',
    ...QUIET,
    panel: { dashboard: DASHBOARD_UIDS.operations, id: PANEL_IDS.operations.battery },
  },
  {
    uid: RULE_UIDS.trapDisk,
    de: 'Speicher der Falle fast voll',
    en: "Trap's disk almost full",
    summary: {
      de: '{{ $labels.trap }} hat noch {{ $values.figure }} MB frei.',
      en: '{{ $labels.trap }} has {{ $values.figure }} MB left.',
    },
    audience: 'operators',
    query: perTrap(`last(${status.field('disk_free_mb')}) AS "free"`),
    windowS: 24 * HOUR_S,
    reducer: 'last',
    fires: { type: 'lt', than: TRAP_DISK_LOW_MB },
    pending: '10m',
    ...QUIET,
    panel: { dashboard: DASHBOARD_UIDS.operations, id: PANEL_IDS.operations.trapDisk },
  },
  {
    uid: RULE_UIDS.outboxAge,
    de: 'Ausgang staut sich',
    en: 'Outbox is stuck',
    summary: {
      de: 'Seit über zehn Minuten geht nicht alles hinaus, oder der Dienst schreibt nichts.',
      en: 'For more than ten minutes not everything has gone out, or the service writes nothing.',
    },
    audience: 'operators',
    query: service(`last(${pipeline.field('outbox_oldest_s')}) AS "age"`),
    windowS: 5 * MINUTE_S,
    reducer: 'last',
    fires: { type: 'gt', than: OUTBOX_OLD_S },
    pending: '2m',
    // While points cannot be written, neither can the age of the outbox: no data is how that looks from here.
    ...LOUD,
    panel: { dashboard: DASHBOARD_UIDS.operations, id: PANEL_IDS.operations.outboxAgeOverTime },
  },
  {
    uid: RULE_UIDS.deadLetters,
    de: 'Neue ausgesonderte Nachrichten',
    en: 'New dead letters',
    summary: {
      de: '{{ $values.figure }} Nachrichten wurden in der letzten Stunde ausgesondert.',
      en: '{{ $values.figure }} messages were set aside in the last hour.',
    },
    audience: 'operators',
    // Their number stays up until somebody looks at them: what is new counts.
    query: service(
      `last(${pipeline.field('dead_letters')}) - first(${pipeline.field('dead_letters')}) AS "new"`,
    ),
    windowS: HOUR_S,
    reducer: 'last',
    fires: { type: 'gt', than: 0 },
    pending: '0s',
    ...QUIET,
    panel: { dashboard: DASHBOARD_UIDS.operations, id: PANEL_IDS.operations.deadLettersOverTime },
  },
  {
    uid: RULE_UIDS.serverDisk,
    de: 'Speicher des Servers fast voll',
    en: "Server's disk almost full",
    summary: {
      de: 'Der Server hat noch {{ $values.figure }} MB frei; unter der Reserve nimmt er nichts mehr an.',
      en: 'The server has {{ $values.figure }} MB left; under its reserve it takes nothing any more.',
    },
    audience: 'operators',
    query: service(`last(${pipeline.field('disk_free_mb')}) AS "free"`),
    windowS: 15 * MINUTE_S,
    reducer: 'last',
    fires: { type: 'lt', than: SERVER_DISK_LOW_MB },
    pending: '5m',
    ...QUIET,
    panel: { dashboard: DASHBOARD_UIDS.operations, id: PANEL_IDS.operations.serverDiskOverTime },
  },
];

export const alertRules = () => RULES.map(ruleOf);
