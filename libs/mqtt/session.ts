import type { Client } from 'aedes';
import type { Admission } from './admission.js';
import type { Principal } from './embedded-options.js';
import type { Intake } from './intake.js';

/** One connection to the embedded broker. */
export class Session<P extends Principal> {
  /** Set when the client was accepted. */
  principal: P | undefined;
  /** The id the client gave itself. */
  clientId = '';
  readonly #forwarding = new Set<Admission>();

  constructor(
    readonly client: Client,
    readonly intake: Intake,
  ) {}

  /** What messages and logs call the sender. */
  get name(): string {
    return this.principal?.user ?? this.clientId;
  }

  /**
   * Accepts the client. Its id counts within its account only: otherwise any account could throw out another
   * one by taking its client id.
   */
  accept(principal: P): void {
    this.principal = principal;
    const client = this.client as { id: string };
    this.clientId = client.id;
    client.id = `${principal.user ?? ''}/${this.clientId}`;
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
    if (this.#forwarding.size === 0) return;
    setTimeout(() => {
      for (const admission of this.#forwarding) this.forwarded(admission);
    }, afterMs).unref();
  }
}
