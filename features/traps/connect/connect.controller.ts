import { Body, Controller, Get, Header, Inject, Optional, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Config, VERSION } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { EmbeddedBroker } from '../../../libs/mqtt/index.js';
import { addTrapAccount, CurrentUser, MinRole, type Principal } from '../../accounts/index.js';
import { MESSAGE_SOURCE } from '../../broker/index.js';
import { ApiDoc, id, json, Problem } from '../../http/index.js';
import { CONFIG, LOG } from '../../platform/index.js';
import { setTrap } from '../trap-edit.js';
import { findTrap, lockTrap } from '../traps.repository.js';
import { CONNECT, EXAMPLE_CONNECT, EXAMPLE_MADE_TRAP, MADE_TRAP, NEW_TRAP } from './connect.schema.js';
import { brokerAddress, connectWays, mqttUrl, reachableHost, UNKNOWN_PASSWORD } from './how-to-connect.js';

const TRAP_PARAMS = z.object({ trapId: id() });

/** From a name to a trap that sends: its account, and the commands that connect it. */
@Controller('api/v1/traps')
export class ConnectController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'host' | 'mqtt' | 'publicUrl' | 'timeZone'>,
    @Inject(LOG) private readonly log: Logger,
    /** None in a process that only answers requests. */
    @Optional() @Inject(MESSAGE_SOURCE) private readonly source?: unknown,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Add a trap',
    description: 'Makes its account, and tells how it connects. Only this answer holds the password.',
    body: { example: { trapId: 'meadow-2', name: 'Meadow South' } },
    answers: { 201: json(MADE_TRAP, EXAMPLE_MADE_TRAP) },
    problems: [409],
  })
  @MinRole('admin')
  @Post()
  @Header('Cache-Control', 'no-store')
  async add(
    @Body({ schema: NEW_TRAP }) { trapId, name }: z.output<typeof NEW_TRAP>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ) {
    const password = await this.catalog.db.transaction().execute(async (tx) => {
      const nowMs = Date.now();
      const made = await addTrapAccount(tx, trapId, nowMs);
      if (made === undefined) return undefined;
      await lockTrap(tx, trapId, nowMs);
      if (name !== undefined) await setTrap(tx, trapId, { name }, nowMs);
      return made;
    });
    if (password === undefined)
      throw new Problem(409, 'conflict', `The trap ${trapId} has an account already.`);
    this.log.info({ by: user.name, trapId }, 'trap added');
    const connect = await this.connect(trapId, request, password);
    return { trapId, user: trapId, password, connect };
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'How a trap connects, with commands to copy',
    description: `Also of a trap that is not known yet. \`${UNKNOWN_PASSWORD}\` stands for the password.`,
    answers: { 200: json(CONNECT, EXAMPLE_CONNECT) },
  })
  @MinRole('editor')
  @Get(':trapId/connect')
  async show(
    @Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>,
    @Req() request: Request,
  ) {
    return this.connect(trapId, request);
  }

  private async connect(trapId: string, request: Request, known?: string): Promise<z.output<typeof CONNECT>> {
    const { host: listens, mqtt, publicUrl, timeZone = 'UTC' } = this.config;
    const port = this.source instanceof EmbeddedBroker ? this.source.ports?.tcp : undefined;
    const host = reachableHost({ listens, publicUrl, hostname: request.hostname });
    const broker = brokerAddress({ host, mqtt }, port);
    const row = await findTrap(this.catalog.reader, trapId);
    const trap = {
      trapId,
      name: row?.name ?? null,
      timeZone: row?.time_zone ?? timeZone,
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
