import { z } from 'zod';
import { isId, readTime } from '../../libs/domain/index.js';

const PAGE = 100;
const LARGEST_PAGE = 500;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** In a URL `+` means a space, and hardly anyone writes `%2B` for it. */
const LOST_PLUS = / (\d\d:?\d\d)$/;

/** A parameter that is given once: twice, it comes as a list. */
const text = (error: string) =>
  z.string({ error: ({ input }) => (Array.isArray(input) ? 'must be given once' : error) });

/** What a route takes, and nothing else: a mistyped name must not be passed over. */
export function onlyThese<T extends z.ZodRawShape>(shape: T): z.ZodType<z.output<z.ZodObject<T>>> {
  const stray = z.undefined({ error: 'is not a parameter of this route' });
  return z.object(shape).catchall(stray) as unknown as z.ZodType<z.output<z.ZodObject<T>>>;
}

/** For routes without parameters. */
export const NO_PARAMETERS = onlyThese({});

export function id() {
  const error = 'must be an id: 1 to 64 of A-Z a-z 0-9 _ . - after a letter or digit, without ".."';
  return text(error).refine(isId, { error });
}

/** Labels are slugs of model cards. */
export function label() {
  const error = 'must be a label: 1 to 64 of A-Z a-z 0-9 _ . -';
  return text(error).regex(/^[\w.-]{1,64}$/, { error });
}

export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, {
    error: ({ input }) =>
      Array.isArray(input) ? 'must be given once' : `must be one of: ${values.join(', ')}`,
  });

export const flag = () => oneOf('true', 'false').transform((word) => word === 'true');

/** @returns milliseconds since 1970, UTC */
export function time() {
  const error = 'must be a time such as 2026-06-01T08:00:00Z, or a date (its beginning in UTC)';
  return text(error).transform((given, context) => {
    const read = readTime(DATE.test(given) ? `${given}T00:00Z` : given.replace(LOST_PLUS, '+$1'), 'UTC', 0);
    // Whose local time a time without zone would be, nobody can tell here.
    if (read && !read.naive) return read.utcMs;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

/** How many a page holds. */
export function limit() {
  const error = `must be a whole number from 1 to ${LARGEST_PAGE}`;
  return text(error)
    .regex(/^\d{1,3}$/, { error })
    .transform(Number)
    .refine((number) => number >= 1 && number <= LARGEST_PAGE, { error })
    .default(PAGE);
}
