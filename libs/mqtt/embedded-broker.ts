import type { Duplex } from 'node:stream';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { forgetDuplicates, keepOnlyIdsOfQos2, refreshKeepAlive } from './aedes-quirks.js';
import {
  EMBEDDED_DEFAULTS,
  type EmbeddedBrokerOptions,
  type EmbeddedSettings,
  type Principal,
} from './embedded-options.js';
import { Intake } from './intake.js';
import { type Listeners, openListeners, type Ports } from './listeners.js';
import type { MessageSource, PublishOptions, Settle, SourceStats } from './message.js';
import { Reception } from './reception.js';
import { Room } from './room.js';
import { Session } from './session.js';
import { withDefaults } from './with-defaults.js';

const LONGEST_SWEEP_MS = 5000;
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
  readonly #bytes: Room;
  readonly #pending = new Set<Session<P>>();
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
    this.#bytes = new Room(this.#settings.maxBytesHeld);
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

  async listen(filters: readonly string[], settle: Settle): Promise<void> {
    const { maxInFlight, maxPacketBytes, stallTimeoutMs, onProblem } = this.#settings;
    const reception = new Reception(this.#settings, maxInFlight, filters, settle);
    const aedes = await Aedes.createBroker(this.#aedesOptions(reception));
    keepOnlyIdsOfQos2(aedes);
    const onError = (client: Client, error: Error) => onProblem?.(error, this.#sessionOf.get(client)?.name);
    aedes.on('clientError', onError).on('connectionError', onError);
    (aedes as NodeJS.EventEmitter).on('error', (error: Error) => onProblem?.(error));
    aedes.on('clientReady', (client) => this.#sessionOf.get(client)?.intake.open());
    this.#reception = reception;
    this.#aedes = aedes;
    try {
      this.#listeners = await openListeners(
        { ...this.#settings, maxWebSocketBytes: 2 * maxPacketBytes },
        (stream) => this.#connect(aedes, stream),
        (error) => onProblem?.(error),
      );
    } catch (error) {
      aedes.close();
      throw error;
    }
    this.#sweep = setInterval(
      () => this.#endStalled(),
      Math.min(LONGEST_SWEEP_MS, stallTimeoutMs / 4),
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

  /** Closes the connections of an account, for example one that was revoked. */
  disconnect(user: string): void {
    for (const session of this.#sessions) if (session.principal?.user === user) session.client.close();
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
          (isWelcome) => done(isWelcome ? null : refusal(BAD_USER_NAME_OR_PASSWORD), isWelcome),
          (error: Error) => {
            this.#settings.onProblem?.(error, user);
            done(refusal(SERVER_UNAVAILABLE), false);
          },
        );
      },
      authorizeSubscribe: (client, subscription, done) => {
        const principal = this.#sessionOf.get(client)?.principal;
        // aedes grants `$share` and then delivers nothing; `$SYS` is nobody's business.
        const isSystem = subscription.topic.startsWith('$');
        const may = !isSystem && principal && this.#settings.maySubscribe(principal, subscription.topic);
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

  #connect(aedes: Aedes, stream: Duplex): void {
    if (this.#isClosing || this.#pending.size >= this.#settings.maxPending) {
      stream.on('error', () => {}).destroy();
      return;
    }
    const { maxPacketBytes, maxControlBytes, subscriberTimeoutMs } = this.#settings;
    const intake = new Intake(
      stream,
      { room: this.#bytes, maxPacketBytes, maxControlBytes },
      () => this.#tooLargeAnnounced++,
      () => refreshKeepAlive(session.client),
    );
    const session = new Session<P>(aedes.handle(stream), intake);
    forgetDuplicates(session.client, aedes);
    this.#sessionOf.set(session.client, session);
    this.#sessions.add(session);
    this.#pending.add(session);
    stream.once('close', () => {
      this.#sessions.delete(session);
      this.#pending.delete(session);
      session.close(subscriberTimeoutMs + 1000);
    });
  }

  async #authenticate(
    client: Client,
    user: string | undefined,
    password: Buffer | undefined,
  ): Promise<boolean> {
    const principal = await this.#settings.authenticate(user, password, client.id);
    const session = this.#sessionOf.get(client);
    if (!principal || !session) {
      this.#deniedConnects++;
      return false;
    }
    session.accept(principal);
    this.#pending.delete(session);
    return true;
  }

  #endStalled(): void {
    const now = Date.now();
    for (const { client, intake } of this.#sessions) {
      if (intake.isHeld) refreshKeepAlive(client);
      if (intake.stalledMs(now) > this.#settings.stallTimeoutMs) client.close();
    }
  }
}

/** aedes puts the code into the CONNACK [MQTT-3.2.2.3]. */
const refusal = (returnCode: number) => Object.assign(new Error('connection refused'), { returnCode });
