import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { FairSemaphore, networkOf, Overuse, PendingConnections } from '../../async/index.js';
import type { Acknowledge, MessageSource, PublishOptions, SourceStats } from '../message.js';
import { forgetDuplicates, keepOnlyIdsOfQos2, refreshKeepAlive } from './aedes-quirks.js';
import {
  EMBEDDED_DEFAULTS,
  type EmbeddedBrokerOptions,
  type EmbeddedSettings,
  type Principal,
  withDefaults,
} from './embedded-options.js';
import { Intake } from './intake.js';
import { type Listeners, openListeners, type Ports } from './listeners.js';
import { Reception } from './reception.js';
import { accountOf, Outlet, Session, scopedId } from './session.js';

const LONGEST_SWEEP_MS = 1000;
/** Who has waited for so long is held up by others. */
const HELD_UP_MS = 1000;
/** A connection of a full account that has said nothing for so long, not even a ping, is taken for a dead one. */
const DEAD_MS = 120_000;
/** So many slow packets at once are no bad connection of a trap. */
const MANY_SLOW = 8;
const SLOW_AFTER_MS = 5000;
/** So many connections of an address that say nothing are worth a word. */
const MANY_SILENT = 100;
const SERVER_UNAVAILABLE = 3;
const BAD_USER_NAME_OR_PASSWORD = 4;

/**
 * An MQTT 3.1.1 broker inside the process. Its PUBACK (or PUBREC) to a client means that `settle` is through.
 *
 * Messages are kept in memory only: retained ones are gone after a restart, and every session is a clean one,
 * so there is no queue for absent subscribers. A last will goes through the same rules and `settle`.
 */
export class EmbeddedBroker<P extends Principal = Principal> implements MessageSource {
  readonly #settings: EmbeddedSettings<P>;
  readonly #bytes: FairSemaphore;
  readonly #pending: PendingConnections<Socket>;
  readonly #overuse: Overuse;
  readonly #byAccount = new Map<string, Set<Session<P>>>();
  readonly #socketOf = new WeakMap<Session<P>, Socket>();
  readonly #sessions = new Set<Session<P>>();
  readonly #sessionOf = new WeakMap<Client, Session<P>>();
  #reception: Reception<P> | undefined;
  #aedes: Aedes | undefined;
  #listeners: Listeners | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #isClosing = false;
  #deniedConnects = 0;
  #tooLargeAnnounced = 0;

  constructor(options: EmbeddedBrokerOptions<P>) {
    this.#settings = withDefaults(EMBEDDED_DEFAULTS, options);
    const { maxBytesHeld, accountShare, addressShare, maxPending, overuse } = this.#settings;
    this.#bytes = new FairSemaphore(maxBytesHeld, { account: accountShare, address: addressShare });
    this.#overuse = overuse ?? new Overuse();
    this.#pending = new PendingConnections(
      maxPending,
      (socket) => socket.destroy(),
      (address) => this.#overuse.note('address', address, 'mqtt: connections that do not log in'),
    );
  }

  /** The ports in use, once it listens. */
  get ports(): Ports | undefined {
    return this.#listeners?.ports;
  }

  get connected(): boolean {
    return this.#listeners !== undefined && !this.#isClosing;
  }

  get stats(): SourceStats {
    const { received = 0, settled = 0, unsafe = 0, stale = 0, foreign = 0 } = this.#reception?.counts ?? {};
    return {
      received,
      settled,
      unsafe,
      stale,
      foreign,
      inFlight: this.#reception?.slots.used ?? 0,
      maxInFlightSeen: this.#reception?.slots.peak ?? 0,
      bytesHeld: this.#bytes.used,
      clients: this.#aedes?.connectedClients ?? 0,
      deniedConnects: this.#deniedConnects,
      tooLargeAnnounced: this.#tooLargeAnnounced,
    };
  }

  /** Hands over all messages of the contract that its rules allow, and all that they do not. */
  async listen(_filters: readonly string[], settle: Acknowledge): Promise<void> {
    const { maxInFlight, maxPacketBytes, stallTimeoutMs, subscriberTimeoutMs, onProblem } = this.#settings;
    const leastRate = { windowMs: stallTimeoutMs, bytesPerS: this.#settings.leastBytesPerS };
    const reception = new Reception(this.#settings, maxInFlight, settle);
    const aedes = await Aedes.createBroker(this.#aedesOptions(reception));
    keepOnlyIdsOfQos2(aedes);
    const onError = (client: Client, error: Error) => onProblem?.(error, this.#sessionOf.get(client)?.name);
    aedes.on('clientError', onError).on('connectionError', onError);
    (aedes as NodeJS.EventEmitter).on('error', (error: Error) => onProblem?.(error));
    aedes.on('clientReady', (client) => this.#open(this.#sessionOf.get(client)));
    this.#reception = reception;
    this.#aedes = aedes;
    try {
      this.#listeners = await openListeners(
        { ...this.#settings, maxWebSocketBytes: 2 * maxPacketBytes, leastRate },
        {
          onSocket: (socket) => this.#await(socket),
          onStream: (stream, socket) => this.#connect(aedes, stream, socket),
          onProblem: (error) => onProblem?.(error),
        },
      );
    } catch (error) {
      aedes.close();
      throw error;
    }
    this.#sweep = setInterval(
      () => this.#lookAround(),
      Math.min(LONGEST_SWEEP_MS, stallTimeoutMs / 4, subscriberTimeoutMs / 4),
    ).unref();
  }

  /** aedes takes messages that are published in one tick for the same one. */
  readonly publishesAtOnce = 1;

  publish(topic: string, payload: Buffer | string, options: PublishOptions = {}): Promise<void> {
    const { qos = 1, retain = false } = options;
    const aedes = this.#aedes;
    if (!aedes || aedes.closed) return Promise.reject(new Error('the broker is not open'));
    return new Promise((resolve, reject) => {
      aedes.publish({ cmd: 'publish', topic, payload, qos, retain, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /**
   * Closes the connections of those who may stay no longer.
   *
   * @returns whose connections these were
   */
  disconnect(mustGo: (principal: P) => boolean): P[] {
    const gone: P[] = [];
    for (const { principal, client } of this.#sessions) {
      if (!principal || !mustGo(principal)) continue;
      gone.push(principal);
      client.close();
    }
    return gone;
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearInterval(this.#sweep);
    this.#listeners?.stop();
    for (const session of this.#sessions) session.intake.close();
    const timeout = new AbortController();
    await Promise.race([
      this.#reception?.drain(),
      delay(this.#settings.drainTimeoutMs, undefined, { signal: timeout.signal }).catch(() => {}),
    ]);
    timeout.abort();
    // The acknowledgements of what was settled last are written in the next turn.
    await turn();
    await turn();
    const aedes = this.#aedes;
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
    this.#listeners?.close();
  }

  #aedesOptions(reception: Reception<P>): AedesOptions {
    return {
      connectTimeout: this.#settings.connectTimeoutMs,
      drainTimeout: this.#settings.subscriberTimeoutMs,
      preConnect: (_client, packet, done) => {
        // A queue for absent clients would grow in memory without bound, and be gone after a restart.
        packet.clean = true;
        done(null, true);
      },
      authenticate: (client, user, password, done) => {
        this.#authenticate(client, user, password).then(
          (verdict) => {
            if (verdict === 'welcome') done(null, true);
            else done(refusal(verdict === 'denied' ? BAD_USER_NAME_OR_PASSWORD : SERVER_UNAVAILABLE), false);
          },
          (error: Error) => {
            this.#settings.onProblem?.(error, user);
            done(refusal(SERVER_UNAVAILABLE), false);
          },
        );
      },
      authorizeSubscribe: (client, subscription, done) => {
        const session = this.#sessionOf.get(client);
        const principal = session?.principal;
        // aedes grants `$share` and then delivers nothing; `$SYS` is nobody's business.
        const isSystem = subscription.topic.startsWith('$');
        const may =
          !isSystem &&
          principal &&
          this.#settings.maySubscribe(principal, subscription.topic) &&
          this.#mayHaveMore(session, subscription.topic);
        done(null, may ? subscription : null);
      },
      authorizePublish: (client, packet, done) => {
        const session = client && this.#sessionOf.get(client);
        if (session) reception.receive(session, packet, done);
        else done(null);
      },
      published: (packet, client, done) => {
        const session = client && this.#sessionOf.get(client);
        if (session) reception.forwarded(session, packet);
        done(null);
      },
    };
  }

  /** Nobody knows yet who is at the other end. */
  #await(socket: Socket): void {
    this.#pending.add(socket, networkOf(socket.remoteAddress ?? ''));
    socket.on('error', () => {});
    socket.once('close', () => this.#pending.delete(socket));
  }

  #connect(aedes: Aedes, stream: Duplex, socket: Socket): void {
    if (this.#isClosing || socket.destroyed) {
      stream.on('error', () => {}).destroy();
      return;
    }
    const { maxPacketBytes, maxControlBytes, subscriberTimeoutMs, maxUnreadBytes } = this.#settings;
    const { stallTimeoutMs: windowMs, leastBytesPerS: bytesPerS } = this.#settings;
    const intake = new Intake(
      stream,
      { maxPacketBytes, maxControlBytes, leastRate: { windowMs, bytesPerS } },
      () => this.#tooLargeAnnounced++,
      () => refreshKeepAlive(session.client),
    );
    const outlet = new Outlet(stream, maxUnreadBytes, () => this.#endUnread(session));
    const address = networkOf(socket.remoteAddress ?? '');
    const session = new Session<P>(aedes.handle(stream), intake, outlet, address);
    forgetDuplicates(session.client, aedes);
    this.#sessionOf.set(session.client, session);
    this.#socketOf.set(session, socket);
    this.#sessions.add(session);
    stream.once('close', () => {
      this.#sessions.delete(session);
      this.#pending.delete(socket);
      const { account } = session;
      const siblings = this.#byAccount.get(account);
      siblings?.delete(session);
      if (siblings?.size === 0) this.#byAccount.delete(account);
      session.close(subscriberTimeoutMs + 1000);
    });
  }

  async #authenticate(
    client: Client,
    user: string | undefined,
    password: Buffer | undefined,
  ): Promise<'welcome' | 'denied' | 'too-many'> {
    const session = this.#sessionOf.get(client);
    const socket = session && this.#socketOf.get(session);
    if (socket) this.#pending.heard(socket);
    const principal = await this.#settings.authenticate(user, password, client.id);
    if (!principal || !session || !this.#sessions.has(session)) {
      this.#deniedConnects++;
      return 'denied';
    }
    if (!this.#hasPlace(principal, client.id, session.address)) {
      this.#deniedConnects++;
      return 'too-many';
    }
    session.accept(principal);
    const siblings = this.#byAccount.get(session.account) ?? new Set();
    this.#byAccount.set(session.account, siblings.add(session));
    session.slots = this.#reception?.slots.join(session.account, session.address);
    if (socket) this.#pending.delete(socket);
    return 'welcome';
  }

  /** Whether an account may have one more connection. One that seems dead makes place. */
  #hasPlace(principal: P, clientId: string, address: string): boolean {
    // The anonymous of an address are many, and no account.
    if (accountOf(principal, '') !== accountOf(principal, address)) return true;
    const siblings = this.#byAccount.get(accountOf(principal, address));
    if (!siblings || siblings.size < this.#settings.maxConnectionsPerAccount) return true;
    const nowMs = Date.now();
    const id = scopedId(principal, clientId);
    let quietest: Session<P> | undefined;
    for (const session of siblings) {
      // The new connection takes over from this one.
      if (session.client.id === id) return true;
      if (!quietest || session.intake.silentMs(nowMs) > quietest.intake.silentMs(nowMs)) quietest = session;
    }
    if (quietest && quietest.intake.silentMs(nowMs) > DEAD_MS) {
      quietest.client.close();
      return true;
    }
    this.#overuse.note('account', accountOf(principal, address), 'mqtt: connections');
    return false;
  }

  #open(session: Session<P> | undefined): void {
    if (!session || !this.#sessions.has(session)) return;
    const { account, address } = session;
    session.intake.open(this.#bytes.join(account, address, () => session.client.close()));
  }

  #mayHaveMore(session: Session<P>, filter: string): boolean {
    const { subscriptions } = session.client as unknown as { subscriptions: object };
    if (Object.hasOwn(subscriptions, filter)) return true;
    if (Object.keys(subscriptions).length < this.#settings.maxSubscriptions) return true;
    this.#overuse.note('account', session.account, 'mqtt: subscriptions');
    return false;
  }

  #endUnread(session: Session<P>): void {
    if (!this.#sessions.has(session)) return;
    this.#overuse.note('account', session.account, 'mqtt: messages that it does not read');
    session.client.conn.destroy();
  }

  /** About once a second: who is slow, who is held up, and by whom. */
  #lookAround(): void {
    const nowMs = Date.now();
    const slow = new Map<string, number>();
    for (const session of this.#sessions) {
      const { client, intake, outlet, account } = session;
      if (intake.isHeld) refreshKeepAlive(client);
      if (outlet.isStuck(nowMs, this.#settings.subscriberTimeoutMs)) this.#endUnread(session);
      else if (intake.isTooSlow(nowMs)) client.close();
      if (intake.isBehind(nowMs, SLOW_AFTER_MS)) slow.set(account, (slow.get(account) ?? 0) + 1);
    }
    for (const [account, packets] of slow)
      if (packets >= MANY_SLOW) this.#overuse.note('account', account, 'mqtt: unfinished messages', nowMs);
    for (const { by, account, address } of this.#bytes.blocked(nowMs, HELD_UP_MS)) {
      if (by === 'account') this.#overuse.note('account', account, 'mqtt: messages under way', nowMs);
      if (by === 'address') this.#overuse.note('address', address, 'mqtt: messages under way', nowMs);
    }
    for (const { account } of this.#bytes.relieve(nowMs, HELD_UP_MS))
      this.#overuse.note('account', account, 'mqtt: unfinished messages', nowMs);
    for (const { address } of this.#pending.crowded(MANY_SILENT))
      this.#overuse.note('address', address, 'mqtt: connections that do not log in', nowMs);
  }
}

/** aedes puts the code into the CONNACK [MQTT-3.2.2.3]. */
const refusal = (returnCode: number) => Object.assign(new Error('connection refused'), { returnCode });
