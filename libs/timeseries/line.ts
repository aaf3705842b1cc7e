import { Point as ClientPoint } from '@influxdata/influxdb-client';
import { type FieldSchema, type MeasurementName, type Measurements, measurements } from './measurements.js';
import { tagValue } from './tag-value.js';

type Value<F> = F extends { readonly type: 'string' } ? string : number;
type OptionalOf<F> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];

/** The fields of a measurement: none is forgotten, and an unknown one is left out only where the schema allows it. */
type FieldsOf<M extends MeasurementName> = {
  readonly [K in Exclude<keyof Measurements[M]['fields'], OptionalOf<Measurements[M]['fields']>>]: Value<
    Measurements[M]['fields'][K]
  >;
} & {
  readonly [K in OptionalOf<Measurements[M]['fields']>]?:
    | Value<Measurements[M]['fields'][K]>
    | null
    | undefined;
};

type TagsOf<M extends MeasurementName> = {
  readonly [T in keyof Measurements[M]['tags']]: string | null;
};

export interface Point<M extends MeasurementName = MeasurementName> {
  readonly measurement: M;
  readonly tags: TagsOf<M>;
  readonly fields: FieldsOf<M>;
  readonly timeNs: bigint;
}

/** Lets TypeScript check tags and fields against the measurement. */
export const point = <M extends MeasurementName>(of: Point<M>): Point<M> => of;

/** What names a point to InfluxDB, together with its time: the tags as they are written. */
export function seriesTags<M extends MeasurementName>({
  measurement,
  tags,
}: Point<M>): Record<string, string> {
  const given = tags as Readonly<Record<string, string | null>>;
  return Object.fromEntries(
    Object.keys(measurements[measurement].tags).map((name) => [name, tagValue(given[name])]),
  );
}

/**
 * One line of line protocol, with nanoseconds.
 *
 * @returns undefined for a point without any field, which is none
 * @throws where a number is none, such as NaN
 */
export function lineOf<M extends MeasurementName>(of: Point<M>): string | undefined {
  const line = new ClientPoint(of.measurement).timestamp(String(of.timeNs));
  for (const [name, value] of Object.entries(seriesTags(of))) line.tag(name, value);
  const given = of.fields as Readonly<Record<string, unknown>>;
  const schema: Readonly<Record<string, FieldSchema>> = measurements[of.measurement].fields;
  for (const [name, { type }] of Object.entries(schema)) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    if (type === 'integer') line.intField(name, value);
    else if (type === 'float') line.floatField(name, value);
    else line.stringField(name, value);
  }
  return line.toLineProtocol();
}
