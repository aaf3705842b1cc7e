import { join } from 'node:path';
import ts from 'typescript';

/** Panel types we use → the SDK's modules. Those without a field configuration of their own are named. */
const PANELS = [
  'stat',
  'timeseries',
  'barchart',
  'piechart',
  'bargauge',
  'heatmap',
  'table',
  'text',
  'geomap',
];
const STATE_TIMELINE = 'state-timeline';
const WITH_FIELD_CONFIG = ['timeseries', 'barchart', 'piechart', 'heatmap', 'table', 'statetimeline'];

const moduleOf = (type: string) => type.replace('-', '');
const TYPES = [...PANELS, STATE_TIMELINE];

/**
 * The SDK's types as they are in JSON: an enum is one of its values, methods are gone. Queries are of our own type,
 * since the SDK has none for InfluxDB.
 */
const HEAD = `
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
${TYPES.map((type) => `import type * as ${moduleOf(type)} from '@grafana/grafana-foundation-sdk/${moduleOf(type)}';`).join('\n')}
import type { InfluxTarget } from './influxql.js';
import type { AnnotationTarget } from './annotations.js';

type Num<T extends number> = number extends T ? number : \`\${T}\` extends \`\${infer N extends number}\` ? N : never;
type Plain<T> =
  0 extends 1 & T ? any
  : T extends string ? \`\${T}\`
  : T extends number ? Num<T>
  : T extends (...of: any[]) => any ? never
  : T extends readonly (infer U)[] ? Plain<U>[]
  : T extends object ? { [K in keyof T as T[K] extends (...of: any[]) => any ? never : K]: Plain<T[K]> }
  : T;
type Query = Omit<InfluxTarget, '_implementsDataqueryVariant'>;
type Annotation = Omit<Plain<dashboard.AnnotationQuery>, 'target'> & { target: Omit<AnnotationTarget, '_implementsDataqueryVariant'> };
type PanelOf<Type, Options, Custom> =
  Omit<Plain<dashboard.Panel>, 'type' | 'options' | 'targets' | 'fieldConfig'> & {
    type: Type;
    options: Plain<Options>;
    targets?: Query[];
    fieldConfig?: Omit<Plain<dashboard.FieldConfigSource>, 'defaults'> & {
      defaults: Omit<Plain<dashboard.FieldConfig>, 'custom'> & { custom?: Plain<Custom> };
    };
  };
type Panel =
${TYPES.map((type) => {
  const name = moduleOf(type);
  const custom = WITH_FIELD_CONFIG.includes(name) ? `${name}.FieldConfig` : 'never';
  return `  | PanelOf<'${type}', ${name}.Options, ${custom}>`;
}).join('\n')};
type Dashboard = Omit<Plain<dashboard.Dashboard>, 'panels' | 'annotations'> & {
  panels: Panel[];
  annotations: { list: Annotation[] };
};
`;

/**
 * Checks dashboards against the types of Grafana's SDK, as if somebody had typed the JSON: a wrong value, an unknown
 * option and a missing one are errors.
 *
 * @param dashboards name → JSON
 * @returns what TypeScript says
 */
export function faultsBySdkTypes(dashboards: ReadonlyMap<string, string>): readonly string[] {
  const file = join(process.cwd(), 'grafana', 'dashboards-by-sdk-types.ts');
  const source = `${HEAD}${[...dashboards.values()].map((text, i) => `export const d${i}: Dashboard = ${text.trim()};`).join('\n')}\n`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...more) =>
    name === file
      ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2023)
      : getSourceFile.call(host, name, ...more);
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  host.readFile = (name) => (name === file ? source : readFile.call(host, name));
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .filter((one) => one.file?.fileName === file)
    .map(({ messageText, file: of, start }) => {
      const line =
        of && start !== undefined ? source.split('\n')[of.getLineAndCharacterOfPosition(start).line] : '';
      return `${ts.flattenDiagnosticMessageText(messageText, '\n')} (${line?.trim()})`;
    });
}
