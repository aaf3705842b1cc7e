import { z } from 'zod';
import { isId } from '../../../libs/domain/index.js';

/** A page of a list, newest first as a rule. */
interface Page<Item> {
  readonly items: readonly Item[];
  /** For `after`, where there is more. */
  readonly next?: string;
}

type Cursor = readonly (string | number)[];

/**
 * Makes a page of rows that were asked for with one more than the page holds: that one tells whether there is more.
 *
 * @param placeOf where a row stands in the order of the list
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Cursor,
  show: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(show), ...(more && { next: toCursor(placeOf(last)) }) };
}

const toCursor = (place: Cursor): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place that a cursor names; cursors are opaque to clients, and checked like everything that they send. */
export function after<T extends z.ZodType>(place: T) {
  const error = 'must be the `next` of an earlier page';
  return z
    .string({ error })
    .transform((cursor, context): z.output<T> => {
      const read = place.safeParse(fromCursor(cursor));
      // Not one that only begins like a cursor: what was cut or added on its way must not find another page.
      if (read.success && toCursor(read.data as Cursor) === cursor) return read.data;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .meta({ wire: { type: 'string', description: 'The `next` of an earlier page' } })
    .optional();
}

function fromCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** What places are made of. */
export const placed = {
  atMs: z.number().int(),
  id: z.string().refine(isId),
};
