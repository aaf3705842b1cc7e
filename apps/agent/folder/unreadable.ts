/** A file of the trap that is there and cannot be read: a worn card, or rights that are missing. The others can be. */
export class Unreadable extends Error {
  readonly code = 'unreadable';

  constructor(cause: unknown) {
    super((cause as Error).message, { cause });
  }
}

/** @throws Unreadable */
export function unreadable(error: unknown): never {
  throw new Unreadable(error);
}
