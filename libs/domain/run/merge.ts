/**
 * Folds a later message about the same thing into what is known: the later message wins field by field, and a
 * field it leaves out (or holds as `undefined`) stays as it was. A field is replaced whole, never merged inside.
 *
 * "Later" is the order of receipt: a trap's clock cannot be trusted to order its own messages.
 */
export function mergeFields<T extends object>(known: T | undefined, later: Partial<T>): T {
  const said = Object.entries(later).filter(([, value]) => value !== undefined);
  return { ...known, ...Object.fromEntries(said) } as T;
}
