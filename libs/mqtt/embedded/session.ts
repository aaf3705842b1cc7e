import type { Duplex } from 'node:stream';
import type { Client } from 'aedes';
import type { Member } from '../../async/index.js';
import type { Admission } from './admission.js';
import type { Principal } from './embedded-options.js';
import type { Intake } from './intake.js';

/** One connection to the embedded broker. */
export class Session<P extends Principal> {
  /** Set when the client was accepted. */
  principal: P | undefined;
  /** The id the client gave itself. */
  clientId = '';
  /** Where its messages wait for their turn. Set when the client was accepted. */
  slots: Member | undefined;
  readonly #forwarding = new Set<Admission>();

  constructor(
    readonly client: Client,
    readonly intake: Intake,
    readonly outlet: Outlet,
    /** The network it comes from. */
    readonly address: string,
  ) {}

  /** What messages and logs call the sender. */
  get name(): string {
    return this.principal?.user ?? this.clientId;
  }

  /** To whom its share is charged: all anonymous clients of an address share one. */
  get account(): string {
    return this.principal ? accountOf(this.principal, this.address) : `nobody at ${this.address}`;
  }

  /**
   * Accepts the client. Its id counts within its account only: otherwise any account could throw out another
   * one by taking its client id.
   */
  accept(principal: P): void {
    this.principal = principal;
    const client = this.client as { id: string };
    this.clientId = client.id;
    client.id = scopedId(principal, this.clientId);
  }

  /** The message is settled and on its way to subscribers; it takes room until it got there. */
  forward(admission: Admission): void {
    this.#forwarding.add(admission);
  }

  forwarded(admission: Admission): void {
    this.#forwarding.delete(admission);
    admission.release();
  }

  /**
   * The connection has ended. aedes does not say whether it dropped what it was forwarding then, so that is
   * given back after `afterMs`, when no subscriber can be holding it up any more.
   */
  close(afterMs: number): void {
    this.intake.close();
    this.slots?.leave();
    if (this.#forwarding.size === 0) return;
    setTimeout(() => {
      for (const admission of this.#forwarding) this.forwarded(admission);
    }, afterMs).unref();
  }
}

export const accountOf = ({ account, user }: Principal, address: string): string =>
  account ?? user ?? `anonymous at ${address}`;

/** What aedes knows a client by. */
export const scopedId = ({ account, user }: Principal, clientId: string): string =>
  `${account ?? user ?? ''}/${clientId}`;

/**
 * The way out to one client. aedes would hold up a topic for all its subscribers while one of them does not read; so
 * what a client does not read is kept for it, up to a limit, and nobody waits.
 */
export class Outlet {
  #written = 0;
  #drained = 0;
  #drainedMs = Date.now();

  constructor(
    private readonly stream: Duplex,
    private readonly maxUnreadBytes: number,
    private readonly onFull: () => void,
  ) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (...args: unknown[]) => {
      this.#written += Buffer.byteLength(args[0] as Buffer | string);
      if (!write(...args) && stream.writableLength > this.maxUnreadBytes) this.onFull();
      return true;
    };
  }

  /** Whether there is something to read for the client, and it has read nothing for so long. To be asked often. */
  isStuck(nowMs: number, timeoutMs: number): boolean {
    const drained = this.#written - this.stream.writableLength;
    if (drained !== this.#drained || this.stream.writableLength === 0) {
      this.#drained = drained;
      this.#drainedMs = nowMs;
    }
    return nowMs - this.#drainedMs > timeoutMs;
  }
}
