import { QueryBuilder, type Rule, RuleBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { TypeReduceBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { EXPRESSIONS, FOLDER } from './ids.js';
import { InfluxQuery, type Select } from './influxql.js';
import { both } from './words.js';

/** Who is told. */
export type Audience = 'editors' | 'operators';

/** A question that Grafana asks again and again: query → one figure per series → threshold. */
export interface RuleOf {
  readonly uid: string;
  readonly de: string;
  readonly en: string;
  /** One sentence in each language; `{{ $labels.trap }}` and `{{ $values.figure }}` are filled in by Grafana. */
  readonly summary: { readonly de: string; readonly en: string };
  readonly audience: Audience;
  readonly query: Select;
  /** How far the query looks back. */
  readonly windowS: number;
  readonly reducer: 'last' | 'max' | 'sum';
  readonly fires: { readonly type: 'gt' | 'lt'; readonly than: number };
  /** How long it must be so, such as `5m`. */
  readonly pending: string;
  readonly noData: 'OK' | 'Alerting';
  readonly onError: 'KeepLast' | 'Alerting';
  readonly panel: { readonly dashboard: string; readonly id: number };
}

const influx = ({ query, windowS }: RuleOf) =>
  new QueryBuilder('query')
    .datasourceUid(new InfluxQuery('query', query).build().datasource.uid)
    .relativeTimeRange({ from: windowS, to: 0 })
    .model({
      build: () => ({ ...new InfluxQuery('query', query).build(), intervalMs: 60_000, maxDataPoints: 1_000 }),
    });

const reduced = ({ reducer, windowS }: RuleOf) =>
  new QueryBuilder('figure')
    .datasourceUid(EXPRESSIONS.uid)
    .relativeTimeRange({ from: windowS, to: 0 })
    .model(
      new TypeReduceBuilder()
        .refId('figure')
        .datasource(EXPRESSIONS)
        .expression('query')
        .reducer(reducer)
        .settings({ mode: 'dropNN' }),
    );

const compared = ({ fires, windowS }: RuleOf) =>
  new QueryBuilder('fires')
    .datasourceUid(EXPRESSIONS.uid)
    .relativeTimeRange({ from: windowS, to: 0 })
    .model(
      new TypeThresholdBuilder()
        .refId('fires')
        .datasource(EXPRESSIONS)
        .expression('figure')
        .conditions([{ evaluator: { type: fires.type, params: [fires.than] } }]),
    );

export const ruleOf = (of: RuleOf): Rule =>
  new RuleBuilder(both(of.de, of.en))
    .uid(of.uid)
    .orgID(1)
    .folderUID(FOLDER.uid)
    .ruleGroup(of.audience)
    .queries([influx(of), reduced(of), compared(of)])
    .condition('fires')
    .forDuration(of.pending)
    .noDataState(of.noData)
    .execErrState(of.onError)
    .labels({ audience: of.audience })
    .annotations({
      summary: `${of.summary.de} / ${of.summary.en}`,
      __dashboardUid__: of.panel.dashboard,
      __panelId__: String(of.panel.id),
    })
    .build();
