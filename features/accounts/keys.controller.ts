import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  ApiDoc,
  after,
  empty,
  iso,
  isoOrNull,
  json,
  limit,
  onlyTheseFields,
  page,
  pageOf,
} from '../http/index.js';
import { CurrentUser, MinRole, type Principal } from './access/access.js';
import { type Account } from './accounts.repository.js';
import {
  EXAMPLE_KEY,
  EXAMPLE_MADE_KEY,
  KEY,
  keyName,
  keyRole,
  MADE_KEY,
  seenTraps,
} from './accounts.schema.js';
import { AccountsService } from './accounts.service.js';
import { trapsOf } from './seen-traps.js';

const KEYS_QUERY = z.object({ limit: limit(), after: after(z.tuple([keyName()])) });
const NEW_KEY = onlyTheseFields({ name: keyName(), role: keyRole(), traps: seenTraps().optional() });
const KEY_CHANGE = onlyTheseFields({ traps: seenTraps() });
const KEY_PARAMS = z.object({ name: keyName() });

/** API keys: for programs, and for traps that send over HTTP. */
@MinRole('admin')
@Controller('api/v1/keys')
export class KeysController {
  constructor(private readonly accounts: AccountsService) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'The keys, by name',
    answers: { 200: json(page(KEY), { items: [EXAMPLE_KEY] }) },
  })
  @Get()
  async list(@Query({ schema: KEYS_QUERY }) query: z.output<typeof KEYS_QUERY>) {
    const page = { limit: query.limit + 1, after: query.after?.[0] };
    const rows = await this.accounts.listKeys(page);
    return pageOf(rows, query.limit, (row) => [row.name], keyView);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Make a key',
    description:
      'A key with the role `device` is for the trap that it is named after, to send over HTTP. `traps`: the only traps that a key with the role `viewer` or `editor` may see.',
    body: { example: { name: 'office', role: 'viewer' } },
    answers: { 201: json(MADE_KEY, EXAMPLE_MADE_KEY) },
    problems: [409],
  })
  @Post()
  @Header('Cache-Control', 'no-store')
  async create(
    @Body({ schema: NEW_KEY }) { name, role, traps }: z.output<typeof NEW_KEY>,
    @CurrentUser() user: Principal,
  ) {
    const key = await this.accounts.createKey({ name, role, traps }, user);
    return { name, role, key };
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Change which traps a key may see',
    description: 'Counts from the next request on; connections over MQTT are closed. `null`: all traps.',
    body: { example: { traps: ['meadow-1'] } },
    answers: { 200: json(KEY, { ...EXAMPLE_KEY, traps: ['meadow-1'] }) },
  })
  @Patch(':name')
  async change(
    @Param({ schema: KEY_PARAMS }) { name }: z.output<typeof KEY_PARAMS>,
    @Body({ schema: KEY_CHANGE }) { traps }: z.output<typeof KEY_CHANGE>,
    @CurrentUser() user: Principal,
  ) {
    return keyView(await this.accounts.limitKey(name, traps, user));
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Revoke a key',
    description: 'It stops to work with the next request. The last administrator cannot be removed.',
    answers: { 204: empty('It is revoked') },
    problems: [409],
  })
  @Delete(':name')
  @HttpCode(204)
  async revoke(
    @Param({ schema: KEY_PARAMS }) { name }: z.output<typeof KEY_PARAMS>,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    await this.accounts.revokeKey(name, user);
  }
}

const keyView = (row: Account) => ({
  name: row.name,
  role: row.role,
  traps: trapsOf(row) ?? null,
  createdAt: iso(row.created_at),
  lastUsedAt: isoOrNull(row.last_used_at),
});
