/** A choice that this browser keeps; nothing where it keeps nothing, as in some private windows. */
export function remembered<T extends string>(name: string, choices: readonly T[]) {
  const key = `trapline.${name}`;
  return {
    get(): T | undefined {
      try {
        const value = localStorage.getItem(key) as T | null;
        return value !== null && choices.includes(value) ? value : undefined;
      } catch {
        return undefined;
      }
    },
    set(value: T): void {
      try {
        localStorage.setItem(key, value);
      } catch {
        // It lasts until the page is closed.
      }
    },
  };
}
