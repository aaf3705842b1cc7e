import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import {
  abandonedBrokerSessions,
  type BrokerSession,
  claimBrokerSession,
} from '../../libs/data-dir/index.js';
import { ExternalBroker } from '../../libs/mqtt/index.js';
import { FILTER, KINDS, topicEntry } from '../../libs/protocol/index.js';
import { CONFIG, LOG } from '../platform/index.js';

const POLL_INTERVAL_MS = 5_000;
/** The services that work on one broker share its messages. */
const GROUP = 'trapline';
const RETAINED = KINDS.filter((kind) => {
  const { direction, retained } = topicEntry(kind);
  return direction === 'trap-to-service' && retained;
}).map((kind) => FILTER[kind]);

/** An external broker as this service has it: with a session of its own, and an eye on those that others have left. */
@Injectable()
export class ServiceBroker implements OnApplicationShutdown {
  readonly source: ExternalBroker;
  private readonly session: BrokerSession;
  private readonly timer: NodeJS.Timeout;
  private taking: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'mqtt' | 'dataDir' | 'databaseUrl'>,
    @Inject(LOG) private readonly log: Logger,
  ) {
    const url = new URL(config.mqtt.url as string);
    const [user, password] = [url.username, url.password].map(decodeURIComponent);
    url.username = '';
    url.password = '';
    this.session = claimBrokerSession(config.dataDir);
    this.source = new ExternalBroker({
      url: url.href,
      user: user || undefined,
      password: password || undefined,
      clientId: this.session.clientId,
      // A service with SQLite is alone: it needs no shared subscription, and old versions of Mosquitto lose messages of one.
      ...(config.databaseUrl ? { sharedGroup: GROUP } : {}),
      retainedFilters: RETAINED,
      maxInFlight: config.mqtt.maxInFlight,
      onConnect: () => log.info({ broker: url.host }, 'connected to the broker'),
      onProblem: (err) => log.warn({ err, broker: url.host }, 'the broker cannot be used now: tried again'),
    });
    this.timer = setInterval(() => this.look(), POLL_INTERVAL_MS).unref();
  }

  /** After the source is closed. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.taking;
    this.session.release();
  }

  private look(): void {
    if (!this.source.connected) return;
    this.taking ??= this.takeOverAbandoned().finally(() => {
      this.taking = undefined;
    });
  }

  /** What the broker has queued for a service that was killed, or for one of an older version. */
  private async takeOverAbandoned(): Promise<void> {
    try {
      for (const session of abandonedBrokerSessions(this.config.dataDir)) {
        try {
          await this.source.takeOver(session.clientId);
          session.remove();
          this.log.info('what the broker kept for a service that has ended was taken over');
        } catch (err) {
          session.release();
          this.log.warn({ err }, 'a session at the broker could not be taken over: tried again');
        }
      }
    } catch (err) {
      this.log.warn({ err }, 'the sessions at the broker could not be looked through: tried again');
    }
  }
}
