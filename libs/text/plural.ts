/**
 * A number with its noun: `1 run`, `2 runs`, `0 runs`.
 *
 * @param many for what does not just take an s, or for the verb that follows too
 */
export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
