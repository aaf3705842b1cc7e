interface Rights {
  readonly holder: string | null | undefined;
  readonly licence: string | null | undefined;
}

/**
 * What is printed beside a picture: whose it is, where it comes from, and under which licence it may be used.
 *
 * @param trapName undefined where the place must not be told
 */
export function creditOf(trapName: string | undefined, { holder, licence }: Rights): string {
  const source = [holder, trapName, 'Trapline'].filter(Boolean).join(' / ');
  return licence ? `${source}, ${licence}` : source;
}
