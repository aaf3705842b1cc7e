/** Who takes more than its share. */
export interface Overuser {
  readonly kind: 'account' | 'address';
  readonly name: string;
  /** What of, such as `mqtt: unfinished messages`. */
  readonly of: string;
}

const KEPT_MS = 30_000;
const MOST = 1000;

/**
 * Remembers for half a minute who was held back, refused or disconnected for taking more than its share, for health,
 * metrics and the log.
 */
export class Overuse {
  readonly #lastMs = new Map<string, { readonly overuser: Overuser; atMs: number }>();

  constructor(private readonly onBegin?: (overuser: Overuser) => void) {}

  note(kind: Overuser['kind'], name: string, of: string, nowMs = Date.now()): void {
    const key = `${kind} ${name} ${of}`;
    const known = this.#lastMs.get(key);
    const isNew = !known || nowMs - known.atMs > KEPT_MS;
    if (known) known.atMs = nowMs;
    else {
      if (this.#lastMs.size >= MOST) this.#forget(nowMs);
      if (this.#lastMs.size >= MOST) return;
      this.#lastMs.set(key, { overuser: { kind, name, of }, atMs: nowMs });
    }
    if (isNew) this.onBegin?.({ kind, name, of });
  }

  current(nowMs = Date.now()): Overuser[] {
    this.#forget(nowMs);
    return [...this.#lastMs.values()].map(({ overuser }) => overuser);
  }

  #forget(nowMs: number): void {
    for (const [key, { atMs }] of this.#lastMs) if (nowMs - atMs > KEPT_MS) this.#lastMs.delete(key);
  }
}
