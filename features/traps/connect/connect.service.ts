import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Request } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { type Config, VERSION } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { EmbeddedBroker } from '../../../libs/mqtt/index.js';
import { addTrapAccount, type Principal } from '../../accounts/index.js';
import { MESSAGE_SOURCE } from '../../broker/index.js';
import { Problem } from '../../http/index.js';
import { CONFIG, LOG } from '../../platform/index.js';
import { setTrap } from '../trap-edit.js';
import { findTrap, lockTrap } from '../traps.repository.js';
import type { CONNECT, NEW_TRAP } from './connect.schema.js';
import { brokerAddress, connectWays, mqttUrl, reachableHost, UNKNOWN_PASSWORD } from './how-to-connect.js';

/** Makes accounts of traps, and describes how a trap connects. */
@Injectable()
export class ConnectService {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'host' | 'mqtt' | 'publicUrl' | 'timeZone'>,
    @Inject(LOG) private readonly log: Logger,
    /** None in a process that only answers requests. */
    @Optional() @Inject(MESSAGE_SOURCE) private readonly source?: unknown,
  ) {}

  /** @throws Problem 409 where it has an account */
  async add({ trapId, name, timeZone }: z.output<typeof NEW_TRAP>, user: Principal, request: Request) {
    const password = await this.catalog.db.transaction().execute(async (tx) => {
      const nowMs = Date.now();
      const made = await addTrapAccount(tx, trapId, nowMs);
      if (made === undefined) return undefined;
      await lockTrap(tx, trapId, nowMs);
      if (name !== undefined || timeZone !== undefined) await setTrap(tx, trapId, { name, timeZone }, nowMs);
      return made;
    });
    if (password === undefined)
      throw new Problem(409, 'conflict', `The trap ${trapId} has an account already.`);
    this.log.info({ by: user.name, trapId }, 'trap added');
    const connect = await this.describe(trapId, request, password);
    return { trapId, user: trapId, password, connect };
  }

  /** @param known the password, where it has just been made */
  async describe(trapId: string, request: Request, known?: string): Promise<z.output<typeof CONNECT>> {
    const { host: listens, mqtt, publicUrl, timeZone = 'UTC' } = this.config;
    const port = this.source instanceof EmbeddedBroker ? this.source.ports?.tcp : undefined;
    const host = reachableHost({ listens, publicUrl, hostname: request.hostname });
    const broker = brokerAddress({ host, mqtt }, port);
    const found = await findTrap(this.catalog.reader, trapId);
    const trap = {
      trapId,
      name: found?.name ?? null,
      timeZone: found?.timeZone ?? timeZone,
      password: known ?? UNKNOWN_PASSWORD,
    };
    const http = publicUrl ?? `${request.protocol}://${this.httpHost(host, request)}`;
    return {
      broker: { host: broker.host, port: broker.port, tls: broker.scheme.endsWith('s') },
      http,
      ways: connectWays(trap, broker, http, VERSION),
      qr: mqttUrl(broker, `${trapId}${known === undefined ? '' : `:${known}`}@`),
    };
  }

  /** The host that traps use, at the port that the request came to. */
  private httpHost(host: string, request: Request): string {
    const [, port = ''] = /(:\d+)$/.exec(request.headers.host ?? '') ?? [];
    return `${host.includes(':') ? `[${host}]` : host}${port}`;
  }
}
