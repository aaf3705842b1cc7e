/** What is left out of the options, or undefined in them, gets its default. */
export function withDefaults<O extends object, D extends object>(defaults: D, options: O): O & D {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given } as O & D;
}
