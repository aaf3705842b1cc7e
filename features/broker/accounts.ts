import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { Catalog, type Db } from '../../libs/database/index.js';
import type { Principal } from '../../libs/mqtt/index.js';
import {
  isOfTrap,
  mayPublishAsViewer,
  mayRead,
  mayReadAsViewer,
  publishFault,
  type Topic,
  topicEntry,
} from '../../libs/protocol/index.js';
import { type Account, accountBySecret, listAccounts, trapsOf } from '../accounts/index.js';
import { LOG } from '../platform/index.js';
import { MESSAGE_SOURCE } from './message-source.js';

/** Who speaks over MQTT: a trap, a person or dashboard with an API key, or anyone on a closed network. */
export interface MqttPrincipal extends Principal {
  readonly as: 'trap' | 'reader' | 'anyone';
  /** `kind/name`: a key may be named like a trap. */
  readonly account?: string;
  /** Which secret let it in: when that changes, the connection ends. */
  readonly secretSha256?: string;
  /** The only traps that a key may read of; undefined: all. */
  readonly traps?: readonly string[] | undefined;
}

const ANYONE: MqttPrincipal = { as: 'anyone' };
/** An API key reads over MQTT from this role on: what is retained there holds exact places. */
const READING_ROLES: readonly Account['role'][] = ['editor', 'admin'];

/** Traps log in with their id and secret; people with the name of their API key and the key. */
export async function authenticate(
  db: Db,
  anonymous: boolean,
  user: string | undefined,
  password: Buffer | undefined,
): Promise<MqttPrincipal | undefined> {
  const account = user && password ? await accountBySecret(db, password.toString('utf8')) : undefined;
  const principal = account?.name === user ? account && principalOf(account) : undefined;
  return principal ?? (anonymous ? ANYONE : undefined);
}

/** Whom an account lets in, if anybody. */
function principalOf(row: Account): MqttPrincipal | undefined {
  const { kind, name, role, secret_sha256 } = row;
  const known = { user: name, account: `${kind}/${name}`, secretSha256: secret_sha256 };
  if (kind === 'trap') return { as: 'trap', ...known };
  return READING_ROLES.includes(role) ? { as: 'reader', traps: trapsOf(row), ...known } : undefined;
}

/**
 * A trap publishes its own messages; anyone, where that is allowed, those of all traps. Home Assistant says that it has
 * started, and hears no answer.
 */
export function mayPublishOn(
  principal: MqttPrincipal,
  topic: string,
  parsed: Topic,
  discoveryPrefix: string,
): boolean {
  if (principal.as === 'trap') return publishFault(principal.user ?? '', parsed) === undefined;
  if (principal.traps === undefined && mayPublishAsViewer(topic, discoveryPrefix)) return true;
  return principal.as === 'anyone' && publishFault(parsed.ids.trapId ?? '', parsed) === undefined;
}

export function maySubscribeTo(principal: MqttPrincipal, filter: string, discoveryPrefix: string): boolean {
  if (principal.as === 'trap') return mayRead(principal.user ?? '', filter);
  const mayAll = mayReadAsViewer(filter, discoveryPrefix) || isInfo(filter);
  return mayAll && (principal.traps?.some((trapId) => isOfTrap(filter, trapId)) ?? true);
}

const isInfo = (filter: string): boolean => /^traps\/v1\/[^/#]+\/info$/.test(filter);

/** Only topics that the contract retains: a broker that retains every crop runs out of memory. */
export const mayRetain = ({ kind }: Topic): boolean => kind !== undefined && topicEntry(kind).retained;

const CHECK_EVERY_MS = 2000;

/** Whoever holds the connections. */
interface Connections {
  /** @returns whose connections were closed */
  disconnect(mustGo: (principal: MqttPrincipal) => boolean): readonly MqttPrincipal[];
}

/**
 * Holds every connection against the accounts of the catalog, whichever process changes them: it ends when its account
 * was removed, got a new secret, or a role that would not let it in in the same way.
 */
@Injectable()
export class AccountWatch implements OnModuleInit, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly catalog: Catalog,
    @Inject(MESSAGE_SOURCE) private readonly connections: Connections,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.check().catch((err) => this.log.warn({ err }, 'the accounts could not be read: tried again'));
    }, CHECK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
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
    const gone = this.connections.disconnect(({ as, account, secretSha256, traps }) => {
      if (account === undefined) return false;
      const now = valid.get(account);
      return now?.as !== as || now.secretSha256 !== secretSha256 || now.traps?.join() !== traps?.join();
    });
    for (const account of new Set(gone.map((principal) => principal.account)))
      this.log.info({ account }, 'an account was removed or changed: its connections are closed');
  }
}
