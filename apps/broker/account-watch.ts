import type { Logger } from 'pino';
import { type Catalog, listAccounts } from '../../libs/catalog/index.js';
import type { MqttPrincipal } from './accounts.js';

const LOOK_EVERY_MS = 2000;

/** Ends the connections of accounts that were removed or got a new secret, whichever process did that. */
export class AccountWatch {
  /** User name → hash of the secret that it came in with. */
  private readonly inside = new Map<string, string>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly catalog: Catalog,
    private readonly disconnect: (user: string) => void,
    private readonly log: Logger,
  ) {}

  /** Notes who has come in, and hands it on. */
  entered<P extends MqttPrincipal | undefined>(principal: P): P {
    if (principal?.user && principal.secretSha256) this.inside.set(principal.user, principal.secretSha256);
    return principal;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.look().catch((err) => this.log.warn({ err }, 'the accounts could not be read: looked at again'));
    }, LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async look(): Promise<void> {
    if (!this.inside.size) return;
    const accounts = [
      ...(await listAccounts(this.catalog.reader, 'trap')),
      ...(await listAccounts(this.catalog.reader, 'key')),
    ];
    const valid = new Set(accounts.map((account) => `${account.name}/${account.secret_sha256}`));
    for (const [user, secretSha256] of this.inside) {
      if (valid.has(`${user}/${secretSha256}`)) continue;
      this.inside.delete(user);
      this.disconnect(user);
      this.log.info({ user }, 'an account was removed or changed: its connections are closed');
    }
  }
}
