import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import {
  abandonedBrokerSessions,
  type BrokerSession,
  claimBrokerSession,
} from '../../libs/data-dir/index.js';
import { ExternalBroker } from '../../libs/mqtt/index.js';
import { CONFIG, LOG } from '../platform/index.js';

const POLL_INTERVAL_MS = 5_000;
/** Messages wait at the broker for as long when the service that received them has ended. */
const STANDBY_INTERVAL_MS = 500;

/**
 * An external broker as this service uses it. Of the services that share a data folder one receives, through a session
 * that the next one continues when it ends; all of them publish.
 */
@Injectable()
export class ServiceBroker implements OnApplicationShutdown {
  readonly source: ExternalBroker;
  private session: BrokerSession | undefined;
  private isReleased = false;
  private readonly timer: NodeJS.Timeout;
  private takingOver: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'mqtt' | 'dataDir'>,
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
      clientId: this.session?.clientId ?? this.nextSession(),
      maxInFlight: config.mqtt.maxInFlight,
      onConnect: () => log.info({ broker: url.host }, 'connected to the broker'),
      onProblem: (err) => log.warn({ err, broker: url.host }, 'the broker cannot be used now: tried again'),
    });
    this.timer = setInterval(() => this.poll(), POLL_INTERVAL_MS).unref();
  }

  /** After the source is closed. */
  async onApplicationShutdown(): Promise<void> {
    this.isReleased = true;
    clearInterval(this.timer);
    await this.takingOver;
    this.session?.release();
  }

  /** Resolves when the service that receives now has ended and this one takes its place. */
  private async nextSession(): Promise<string> {
    this.log.info('another service receives from the broker: this one takes its place when it ends');
    for (;;) {
      await delay(STANDBY_INTERVAL_MS, undefined, { ref: false });
      if (this.isReleased) return new Promise(() => {});
      try {
        this.session = claimBrokerSession(this.config.dataDir);
      } catch (err) {
        this.log.warn({ err }, 'the sessions at the broker cannot be read: tried again');
      }
      if (this.session) {
        this.log.info('this service receives from the broker now');
        return this.session.clientId;
      }
    }
  }

  private poll(): void {
    if (!this.session || !this.source.connected) return;
    this.takingOver ??= this.takeOverAbandoned().finally(() => {
      this.takingOver = undefined;
    });
  }

  /** Receives what the broker has queued for a service of an older version, or for a session that was left behind. */
  private async takeOverAbandoned(): Promise<void> {
    try {
      for (const session of abandonedBrokerSessions(this.config.dataDir)) {
        try {
          await this.source.takeOver(session.clientId);
          session.remove();
          this.log.info('took over what the broker kept for a service that has ended');
        } catch (err) {
          session.release();
          this.log.warn({ err }, 'a session at the broker could not be taken over: tried again');
        }
      }
    } catch (err) {
      this.log.warn({ err }, 'the sessions at the broker cannot be read: tried again');
    }
  }
}
