/**
 * Connections of which nobody knows yet whose they are. Where there are too many, one of the address that has most of
 * them is closed: the oldest that has said nothing, or else the oldest. A newcomer is never turned away for those
 * who were there before.
 */
export class PendingConnections<T extends object> {
  readonly #addresses = new Map<string, { silent: Set<T>; heard: Set<T> }>();
  readonly #addressOf = new Map<T, string>();

  constructor(
    private readonly limit: number,
    private readonly close: (connection: T) => void,
    private readonly onCrowded?: (address: string) => void,
  ) {}

  get size(): number {
    return this.#addressOf.size;
  }

  has(connection: T): boolean {
    return this.#addressOf.has(connection);
  }

  add(connection: T, address: string): void {
    this.delete(connection);
    const at = this.#addresses.get(address) ?? { silent: new Set(), heard: new Set() };
    this.#addresses.set(address, at);
    at.silent.add(connection);
    this.#addressOf.set(connection, address);
    while (this.size > this.limit) this.#closeOne();
  }

  /** It has said whose it is, and is being asked about. */
  heard(connection: T): void {
    const at = this.#addresses.get(this.#addressOf.get(connection) ?? '');
    if (at?.silent.delete(connection)) at.heard.add(connection);
  }

  /** It is known, or gone. */
  delete(connection: T): void {
    const address = this.#addressOf.get(connection);
    if (address === undefined) return;
    this.#addressOf.delete(connection);
    const at = this.#addresses.get(address);
    at?.silent.delete(connection);
    at?.heard.delete(connection);
    if (at && at.silent.size + at.heard.size === 0) this.#addresses.delete(address);
  }

  /** Addresses with at least `count` connections that have said nothing. */
  crowded(count: number): { readonly address: string; readonly connections: number }[] {
    return [...this.#addresses]
      .filter(([, { silent }]) => silent.size >= count)
      .map(([address, { silent }]) => ({ address, connections: silent.size }));
  }

  #closeOne(): void {
    let most: [string, { silent: Set<T>; heard: Set<T> }] | undefined;
    for (const each of this.#addresses) if (!most || count(each[1]) > count(most[1])) most = each;
    if (!most) return;
    const [address, { silent, heard }] = most;
    const [oldest] = silent.size > 0 ? silent : heard;
    this.onCrowded?.(address);
    if (!oldest) return;
    this.delete(oldest);
    this.close(oldest);
  }
}

const count = ({ silent, heard }: { silent: Set<unknown>; heard: Set<unknown> }): number =>
  silent.size + heard.size;
