import type { Logger } from 'pino';
import { type Catalog, listAccounts } from '../../libs/catalog/index.js';
import { type MqttPrincipal, principalOf } from './accounts.js';

const CHECK_EVERY_MS = 2000;

/** Whoever holds the connections. */
export interface Connections {
  /** @returns whose connections were closed */
  disconnect(mustGo: (principal: MqttPrincipal) => boolean): readonly MqttPrincipal[];
}

/**
 * Holds every connection against the accounts of the catalog, whichever process changes them: it ends when its account
 * was removed, got a new secret, or a role that would not let it in in the same way.
 */
export class AccountWatch {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly catalog: Catalog,
    private readonly connections: Connections,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.check().catch((err) => this.log.warn({ err }, 'the accounts could not be read: tried again'));
    }, CHECK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async check(): Promise<void> {
    const accounts = [
      ...(await listAccounts(this.catalog.reader, 'trap')),
      ...(await listAccounts(this.catalog.reader, 'key')),
    ];
    const valid = new Map<string, MqttPrincipal | undefined>(
      accounts.map((account) => [`${account.kind}/${account.name}`, principalOf(account)]),
    );
    const gone = this.connections.disconnect(({ as, account, secretSha256 }) => {
      if (account === undefined) return false;
      const now = valid.get(account);
      return now?.as !== as || now.secretSha256 !== secretSha256;
    });
    for (const account of new Set(gone.map((principal) => principal.account)))
      this.log.info({ account }, 'an account was removed or changed: its connections are closed');
  }
}
