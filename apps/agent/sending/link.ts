import { setTimeout as delay } from 'node:timers/promises';
import type { IClientOptions } from 'mqtt';
import { type Backoff, backoffMs, isWorthLogging } from '../../../libs/async/index.js';
import { buildMessage, type OutgoingMessage, topicOf } from '../../../libs/protocol/index.js';
import type { Log } from '../log.js';
import { Commands } from './commands.js';
import { Connection, ConnectionLost } from './connection.js';
import { Receipts } from './receipts.js';

/** CONNACK: a wrong user name or password, and not authorised. */
const REFUSED_CODES: ReadonlySet<unknown> = new Set([4, 5, 134, 135]);
const KEEPALIVE_S = 60;
const CONNECT_MS = 30_000;

interface LinkOptions {
  readonly url: string;
  readonly trapId: string;
  readonly password: string | undefined;
  readonly ca: Buffer | undefined;
  readonly retry: Backoff;
  /** False = nothing is said of whether the trap is there: it is not the trap that speaks. */
  readonly saysStatus: boolean;
  /** Said whenever the broker is reached, until {@link Link.greet} says something else. */
  readonly greeting: readonly OutgoingMessage[];
  /** Whoever has no account gives up rather than try for ever. */
  readonly givesUpWhenRefused: boolean;
}

/** The broker does not let this account in. */
export class AccountRefused extends Error {
  readonly code = 'account-refused';
}

/** The way to the service: one connection after the other, for as long as it takes. */
export class Link {
  readonly receipts = new Receipts();
  readonly commands: Commands;
  private connection: Connection | undefined;
  private greeting: readonly OutgoingMessage[];
  private waiting: (() => void)[] = [];
  private readonly ended = new AbortController();
  private running: Promise<void> | undefined;
  /** Why it gave up. */
  failure: Error | undefined;

  constructor(
    private readonly options: LinkOptions,
    private readonly log: Log,
  ) {
    this.greeting = options.greeting;
    this.commands = new Commands(options.trapId, log);
  }

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  open(): void {
    this.running ??= this.run();
  }

  /** From now on this is said whenever the broker is reached, and at once where it is there. */
  greet(greeting: readonly OutgoingMessage[]): void {
    const known = new Set(this.greeting.map(({ payload }) => payload));
    this.greeting = greeting;
    // Not waited for: it is said again with the next connection.
    for (const message of greeting)
      if (!known.has(message.payload)) this.connection?.publish(message).catch(() => {});
  }

  /**
   * Resolves when the broker has acknowledged the message, over as many connections as that takes.
   *
   * @throws ConnectionLost when the link is closed meanwhile; AccountRefused
   */
  async publish(message: OutgoingMessage): Promise<void> {
    for (;;) {
      const connection = await this.connected();
      try {
        return await connection.publish(message);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
      }
    }
  }

  /** Says that the trap sleeps now, where the broker is there, and goes. */
  async close(): Promise<void> {
    const { connection } = this;
    this.stop();
    if (connection) {
      if (this.options.saysStatus)
        await Promise.race([connection.publish(this.status('sleeping')), delay(CONNECT_MS / 15)]).catch(
          () => {},
        );
      await connection.close();
    }
    await this.running;
  }

  private stop(): void {
    this.ended.abort();
    for (const wake of this.waiting.splice(0)) wake();
    this.receipts.missed();
  }

  private async connected(): Promise<Connection> {
    for (;;) {
      if (this.failure) throw this.failure;
      if (this.ended.signal.aborted) throw new ConnectionLost('the link is closed');
      if (this.connection) return this.connection;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.ended;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const connection = await this.connect();
        failures = 0;
        // Whoever closed the link did not see this one yet.
        if (signal.aborted) await connection.close();
        await connection.over;
        if (!signal.aborted) this.log.warn('the connection was lost');
      } catch (error) {
        if (!signal.aborted) this.note(error, failures);
      }
      this.connection = undefined;
      this.receipts.missed();
      if (this.failure) return this.stop();
      failures += 1;
      await delay(backoffMs(failures, this.options.retry), undefined, { signal }).catch(() => {});
    }
  }

  private async connect(): Promise<Connection> {
    const { url, trapId, saysStatus } = this.options;
    const filters = [
      `traps/v1/${trapId}/runs/+/receipt`,
      `traps/v1/${trapId}/command/+`,
      topicOf.problem(trapId),
    ];
    const connection = await Connection.open(
      url,
      this.clientOptions(),
      filters,
      (topic, payload) => this.receive(topic, payload),
      this.ended.signal,
    );
    const hello = [...this.greeting, ...(saysStatus ? [this.status('online')] : [])];
    // Not waited for: a service that is full does not acknowledge, and the connection stands all the same.
    for (const message of hello) connection.publish(message).catch(() => {});
    this.connection = connection;
    this.log.info(`connected to ${new URL(url).host} as ${trapId}`);
    for (const wake of this.waiting.splice(0)) wake();
    return connection;
  }

  private receive(topic: string, payload: Buffer): void {
    if (topic.includes('/command/')) this.commands.take(topic, payload);
    else if (topic.endsWith('/problem')) this.tellProblem(payload);
    else this.receipts.take(topic, payload);
  }

  private tellProblem(payload: Buffer): void {
    try {
      const { topic: about, code, message } = JSON.parse(payload.toString('utf8'));
      this.log.warn(`the service set aside ${about}: ${code}, ${message}`);
    } catch {
      this.log.warn('the service told of a problem that cannot be read');
    }
  }

  private note(error: unknown, failures: number): void {
    const { code, message } = error as { code?: unknown; message?: string };
    const text = message || String(code ?? error);
    if (REFUSED_CODES.has(code)) {
      this.log.warn(`the broker does not let ${this.options.trapId} in: ${text}`);
      if (this.options.givesUpWhenRefused)
        this.failure = new AccountRefused(`the broker does not let ${this.options.trapId} in: ${text}`);
    } else if (isWorthLogging(failures)) {
      this.log.warn(`the broker cannot be reached: ${text}`);
    }
  }

  private clientOptions(): IClientOptions {
    const { trapId, password, ca, saysStatus } = this.options;
    const { topic, payload } = this.status('offline');
    return {
      clientId: `${trapId}-agent-${Math.random().toString(36).slice(2, 10)}`,
      username: trapId,
      ...(password !== undefined && { password }),
      ...(ca && { ca }),
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_MS,
      ...(saysStatus && { will: { topic, payload: Buffer.from(payload), qos: 1, retain: true } }),
    };
  }

  private status(state: 'online' | 'sleeping' | 'offline'): OutgoingMessage {
    return buildMessage(
      'status',
      { trapId: this.options.trapId },
      { state, ...(state !== 'offline' && { at: new Date().toISOString() }) },
    );
  }
}
