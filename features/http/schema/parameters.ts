import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { isId, readTime } from '../../../libs/domain/index.js';
import { type FieldError, invalidRequest, type Problem } from '../problem.js';

const PAGE = 100;
const LARGEST_PAGE = 500;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** In a URL `+` means a space, and hardly anyone writes `%2B` for it. */
const LOST_PLUS = / (\d\d:?\d\d)$/;

/** What an id is, for the document: the same as `isId` says. `wire` in a schema's meta is how the document tells of it. */
const ID = {
  type: 'string',
  pattern: '^(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
  examples: ['meadow-1'],
};
const NOT_JSON = 'must be a JSON object, sent as application/json';
const TIME = 'A time with zone, or a date (its beginning in UTC)';

/** A parameter that is given once: twice, it comes as a list. */
const text = (error: string) =>
  z.string({ error: ({ input }) => (Array.isArray(input) ? 'must be given once' : error) });

/** What a problem says of a name that is not declared. */
export const UNKNOWN_NAME = {
  parameter: 'is not a parameter of this route',
  field: 'is not a field of this body',
};

/** A body, or an object in it, with these fields and no others: a mistyped name must not be ignored. */
export const onlyTheseFields = <T extends z.ZodRawShape>(shape: T) =>
  z
    .object(shape, { error: NOT_JSON })
    .catchall(z.undefined({ error: UNKNOWN_NAME.field })) as unknown as z.ZodType<z.output<z.ZodObject<T>>>;

/** The same parameter, with what it is for in the document. */
export function described<T extends z.ZodType>(schema: T, description: string, example?: unknown): T {
  const wire = { ...(schema.meta()?.['wire'] as object), description };
  return schema.meta({ wire: { ...wire, ...(example !== undefined && { examples: [example] }) } });
}

export function id() {
  const error = 'must be an id: 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit, without ".."';
  return text(error).refine(isId, { error }).meta({ wire: ID });
}

const MOST_TRAPS = 200;

/** What a request for lists is narrowed to, whatever it asked for: the value of its parameter `trap` from then on. */
export class NarrowedTraps {
  constructor(readonly trapIds: readonly string[]) {}
}

/** Traps to narrow a list to: one id, or several with commas between them. */
export function trapIds() {
  const error = `must be the id of a trap, or up to ${MOST_TRAPS} ids with commas between them`;
  const one = '(?!\\w[\\w.-]*\\.\\.)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}';
  const wire = {
    type: 'string',
    pattern: `^${one}(,${one})*$`,
    description: 'The id of a trap; several with commas between them',
    examples: ['meadow-1'],
  };
  const isGivenOnce = (given: unknown) => typeof given === 'string' || given instanceof NarrowedTraps;
  return z
    .custom<string | NarrowedTraps>(isGivenOnce, { error: 'must be given once' })
    .transform((given, context): readonly string[] => {
      const trapIds = typeof given === 'string' ? given.split(',') : given.trapIds;
      if (trapIds.every(isId) && trapIds.length <= MOST_TRAPS) return trapIds;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .meta({ wire });
}

/** The name or the key of a model. */
export function modelName() {
  const error = 'must be the name of a model: 1 to 64 of A-Z a-z 0-9 _ . -, with no . or - first and no ".."';
  const wire = {
    type: 'string',
    pattern: '^(?!.*\\.\\.)\\w[\\w.-]{0,63}$',
    examples: ['meadow-visitors-1.2'],
  };
  return text(error)
    .regex(/^(?!.*\.\.)\w[\w.-]{0,63}$/, { error })
    .meta({ wire });
}

/** A scientific name, as the verdict has it. */
export function taxon() {
  const error = 'must be a scientific name of 1 to 200 characters';
  const wire = {
    type: 'string',
    minLength: 1,
    maxLength: 200,
    description: 'Scientific name of the verdict, exactly: a family does not find its species',
    examples: ['Apis mellifera'],
  };
  return text(error)
    .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { error })
    .meta({ wire });
}

/** @returns a number in [0, 1] */
export function probability() {
  const error = 'must be a number from 0 to 1';
  return text(error)
    .regex(/^(0(\.\d{1,15})?|1(\.0{1,15})?)$/, { error })
    .transform(Number)
    .meta({ wire: { type: 'number', minimum: 0, maximum: 1, examples: [0.5] } });
}

/** Labels and groups are slugs of model cards. */
export function label() {
  const error = 'must be a label or group: 1 to 64 of A-Z a-z 0-9 _ . -';
  const wire = { type: 'string', pattern: '^[\\w.-]{1,64}$', examples: ['honeybee'] };
  return text(error)
    .regex(/^[\w.-]{1,64}$/, { error })
    .meta({ wire });
}

/** As `/activity/episodes` names it. */
export function episodeId() {
  const error = 'must be the id of an episode, as /activity/episodes names it';
  const wire = { type: 'string', minLength: 1, maxLength: 200, examples: ['meadow-1.moths.494498'] };
  return text(error)
    .regex(/^[\w.-]{1,200}$/, { error })
    .meta({ wire });
}

export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, {
    error: ({ input }) =>
      Array.isArray(input) ? 'must be given once' : `must be one of: ${values.join(', ')}`,
  });

export const flag = () =>
  oneOf('true', 'false')
    .transform((word) => word === 'true')
    .meta({ wire: { type: 'boolean', examples: [true] } });

/** Of every table as CSV. */
export const excel = () =>
  described(
    flag(),
    'As Excel opens it where the decimal sign is a comma: UTF-8 with a byte order mark, semicolons between cells',
  ).optional();

/** @returns milliseconds since 1970, UTC */
export function time() {
  const error = 'must be a time such as 2026-06-01T08:00:00Z, or a date (its beginning in UTC)';
  const instant = text(error).transform((given, context) => {
    const read = readTime(DATE.test(given) ? `${given}T00:00Z` : given.replace(LOST_PLUS, '+$1'), 'UTC', 0);
    // Whose local time a time without zone would be, nobody can tell here.
    if (read && !read.naive) return read.utcMs;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
  return instant.meta({ wire: { type: 'string', description: TIME, examples: ['2026-06-01T08:00:00Z'] } });
}

/** @returns midnight UTC of a day, in milliseconds since 1970 */
export function date() {
  const error = 'must be a date such as 2026-06-01';
  const wire = { type: 'string', format: 'date', examples: ['2026-06-01'] };
  return text(error)
    .transform((given, context) => {
      const atMs = DATE.test(given) ? Date.parse(`${given}T00:00:00Z`) : Number.NaN;
      // Not what JavaScript makes of 2026-02-30.
      if (Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(given)) return atMs;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .meta({ wire });
}

/** @returns a whole number within limits */
export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return text(error)
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((number) => number >= min && number <= max, { error })
    .meta({ wire: { type: 'integer', minimum: min, maximum: max } });
}

/** How many a page holds. */
export function limit() {
  const error = `must be a whole number from 1 to ${LARGEST_PAGE}`;
  return text(error)
    .regex(/^\d{1,3}$/, { error })
    .transform(Number)
    .refine((number) => number >= 1 && number <= LARGEST_PAGE, { error })
    .meta({
      wire: {
        type: 'integer',
        minimum: 1,
        maximum: LARGEST_PAGE,
        default: PAGE,
        description: 'How many a page holds',
        examples: [50],
      },
    })
    .default(PAGE);
}

type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

const ERRORS_SHOWN = 20;

/** Holds what comes from outside against the schema of its parameter; a request that does not fit is a 400. */
export const checked = (): StandardSchemaValidationPipe => new Checked({ exceptionFactory: refuse });

/** Names that Nest removes silently; in a body they are unknown fields like any other. */
const REMOVED_BY_NEST = ['__proto__', 'prototype', 'constructor'];

class Checked extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const isBody = metadata.type === 'body' && metadata.schema;
    const unknown = isBody ? REMOVED_BY_NEST.filter((name) => Object.hasOwn(Object(value), name)) : [];
    if (unknown.length)
      throw invalidRequest(unknown.map((field) => ({ field, message: UNKNOWN_NAME.field })));
    return (await super.transform(value, metadata)) as T;
  }
}

const refuse = (issues: readonly Issue[]): Problem => invalidParameters(issues.map(asFieldError));

export const invalidParameters = (errors: readonly FieldError[]): Problem =>
  invalidRequest(errors.slice(0, ERRORS_SHOWN));

export function asFieldError({ path, message }: Issue): FieldError {
  const names = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  return { field: names.join('.').slice(0, 100) || 'body', message };
}
