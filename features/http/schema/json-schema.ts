import { z } from 'zod';

/** A schema as OpenAPI 3.1 has it: JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DEFS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/**
 * Turns the schemas that validate into those of the document. What bears an `id` in its `.meta` comes to stand once,
 * under its name.
 */
export class JsonSchemas {
  readonly named: Record<string, JsonSchema> = {};

  /** @param side `input`: what may be sent; `output`: what is answered */
  of(schema: z.ZodType | JsonSchema, side: 'input' | 'output'): JsonSchema {
    if (!(schema instanceof z.ZodType)) return schema;
    const {
      $schema: _$schema,
      $defs,
      ...rest
    } = z.toJSONSchema(schema, {
      io: side,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        // What a query holds is text; `wire` says what of text it must be.
        const wire = z.globalRegistry.get(zodSchema)?.['wire'];
        if (wire) replace(jsonSchema, wire as JsonSchema);
        delete jsonSchema['id'];
      },
    });
    for (const [name, definition] of Object.entries($defs ?? {}))
      this.named[name] = withRefs(definition) as JsonSchema;
    return withRefs(rest) as JsonSchema;
  }
}

function replace(target: Record<string, unknown>, source: JsonSchema): void {
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, source);
}

/** The same with references to the document's own place for named schemas. */
function withRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace(DEFS, COMPONENTS) : withRefs(inner),
    ]),
  );
}
