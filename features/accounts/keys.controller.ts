import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Db } from '../../libs/database/index.js';
import { Catalog } from '../../libs/database/index.js';
import { isId } from '../../libs/domain/index.js';
import { mosquittoPassword } from '../../libs/mqtt/index.js';
import {
  ApiDoc,
  after,
  empty,
  invalidRequest,
  iso,
  isoOrNull,
  json,
  limit,
  notFound,
  onlyTheseFields,
  Problem,
  page,
  pageOf,
} from '../http/index.js';
import { LOG } from '../platform/index.js';
import { CurrentUser, MinRole, type Principal } from './access.js';
import {
  type Account,
  addAccount,
  changeSecret,
  listAccounts,
  type NewAccount,
  newSecret,
  putAccount,
  removeAccount,
} from './accounts.repository.js';
import { EXAMPLE_KEY, EXAMPLE_MADE_KEY, KEY, keyName, keyRole, MADE_KEY } from './accounts.schema.js';
import { expectOneAdminLeft } from './users.controller.js';

const KEYS_QUERY = z.object({ limit: limit(), after: after(z.tuple([keyName()])) });
const NEW_KEY = onlyTheseFields({ name: keyName(), role: keyRole() });
const KEY_PARAMS = z.object({ name: keyName() });

/** API keys: for programs, and for traps that send over HTTP. */
@MinRole('admin')
@Controller('api/v1/keys')
export class KeysController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'The keys, by name',
    answers: { 200: json(page(KEY), { items: [EXAMPLE_KEY] }) },
  })
  @Get()
  async list(@Query({ schema: KEYS_QUERY }) query: z.output<typeof KEYS_QUERY>) {
    const page = { limit: query.limit + 1, after: query.after?.[0] };
    const rows = await listAccounts(this.catalog.reader, 'key', page);
    return pageOf(rows, query.limit, (row) => [row.name], keyView);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Make a key',
    description: 'A key with the role `device` is for the trap that it is named after, to send over HTTP.',
    body: { example: { name: 'office', role: 'viewer' } },
    answers: { 201: json(MADE_KEY, EXAMPLE_MADE_KEY) },
    problems: [409],
  })
  @Post()
  @Header('Cache-Control', 'no-store')
  async create(
    @Body({ schema: NEW_KEY }) { name, role }: z.output<typeof NEW_KEY>,
    @CurrentUser() user: Principal,
  ) {
    if (!isNameFor(role, name))
      throw invalidRequest([{ field: 'name', message: 'must be the id of the trap that the key is for' }]);
    const key = await makeKey(this.catalog.db, { name, role }, Date.now());
    if (!key) throw new Problem(409, 'conflict', `There is a key ${name}: revoke it first.`);
    this.log.info({ by: user.name, name, role }, 'a key was made');
    return { name, role, key };
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
    const gone = await expectOneAdminLeft(this.catalog, (tx) => removeAccount(tx, 'key', name));
    if (!gone) throw notFound(`There is no key ${name}.`);
    this.log.info({ by: user.name, name }, 'a key was revoked');
  }
}

const keyView = (row: Account) => ({
  name: row.name,
  role: row.role,
  createdAt: iso(row.created_at),
  lastUsedAt: isoOrNull(row.last_used_at),
});

/** The role of a trap belongs to a trap: the name of such a key is the trap's id. */
export const isNameFor = (role: Account['role'], name: string): boolean => role !== 'device' || isId(name);

/** @returns the key, to be shown once; undefined where there is one of that name: somebody uses it */
export async function makeKey(
  db: Db,
  { role, name }: Pick<Account, 'role' | 'name'>,
  nowMs: number,
): Promise<string | undefined> {
  const secret = newSecret();
  // Readers over Mosquitto: from this role on, and with a name that no trap can have.
  const reads = (role === 'editor' || role === 'admin') && !isId(name);
  const mosquittoHash = reads ? mosquittoPassword(secret) : undefined;
  const isNew = await addAccount(db, { kind: 'key', name, role, secret, mosquittoHash }, nowMs);
  return isNew ? secret : undefined;
}

/** Makes the account of a trap, or gives it a new password. @returns the password, to be shown once */
export async function makeTrapAccount(db: Db, trapId: string, nowMs: number): Promise<string> {
  const account = newTrapAccount(trapId);
  await putAccount(db, account, nowMs);
  return account.secret;
}

/** @returns the password, to be shown once; undefined where the trap has an account: it keeps its password */
export async function addTrapAccount(db: Db, trapId: string, nowMs: number): Promise<string | undefined> {
  const account = newTrapAccount(trapId);
  return (await addAccount(db, account, nowMs)) ? account.secret : undefined;
}

/** @returns the new password, to be shown once; undefined where the trap has no account */
export async function changeTrapPassword(db: Db, trapId: string): Promise<string | undefined> {
  const account = newTrapAccount(trapId);
  return (await changeSecret(db, account)) ? account.secret : undefined;
}

function newTrapAccount(trapId: string): NewAccount {
  const secret = newSecret();
  return { kind: 'trap', name: trapId, role: 'device', secret, mosquittoHash: mosquittoPassword(secret) };
}
