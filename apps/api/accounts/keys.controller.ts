import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Account, listAccounts, removeAccount } from '../../../libs/catalog/index.js';
import { Asker, type Caller, Needs } from '../access.js';
import { Documented, empty, json } from '../openapi/documented.js';
import { after, pageOf } from '../pages.js';
import { limit, NO_PARAMETERS, onlyThese, onlyTheseFields } from '../parameters.js';
import { type ApiParts, PARTS } from '../parts.js';
import { invalidRequest, notFound, Problem } from '../problem.js';
import { iso, isoOrNull } from '../show.js';
import { page } from '../view-fields.js';
import { keyName, keyRole } from './account-parameters.js';
import { EXAMPLE_KEY, EXAMPLE_MADE_KEY, KEY, MADE_KEY } from './account-schemas.js';
import { keepingAnAdmin } from './admins.js';
import { isNameFor, makeKey } from './make-account.js';

const KEYS_QUERY = onlyThese({ limit: limit(), after: after(z.tuple([keyName()])) });
const NEW_KEY = onlyTheseFields({ name: keyName(), role: keyRole() });
const KEY_PARAMS = onlyThese({ name: keyName() });

/** API keys: for programs, and for traps that send over HTTP. */
@Needs('admin')
@Controller('api/v1/keys')
export class KeysController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Documented({
    tag: 'Administration',
    summary: 'The keys, by name',
    answers: { 200: json(page(KEY), { items: [EXAMPLE_KEY] }) },
  })
  @Get()
  async list(@Query({ schema: KEYS_QUERY }) query: z.output<typeof KEYS_QUERY>) {
    const page = { limit: query.limit + 1, after: query.after?.[0] };
    const rows = await listAccounts(this.parts.catalog.reader, 'key', page);
    return pageOf(rows, query.limit, (row) => [row.name], keyView);
  }

  @Documented({
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
    @Query({ schema: NO_PARAMETERS }) _none: unknown,
    @Asker() asker: Caller,
  ) {
    if (!isNameFor(role, name))
      throw invalidRequest([{ field: 'name', message: 'must be the id of the trap that the key is for' }]);
    const key = await makeKey(this.parts.catalog.db, { name, role }, Date.now());
    if (!key) throw new Problem(409, 'conflict', `There is a key ${name}: revoke it first.`);
    this.parts.log.info({ by: asker.name, name, role }, 'a key was made');
    return { name, role, key };
  }

  @Documented({
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
    @Query({ schema: NO_PARAMETERS }) _none: unknown,
    @Asker() asker: Caller,
  ): Promise<void> {
    const gone = await keepingAnAdmin(this.parts.catalog, (tx) => removeAccount(tx, 'key', name));
    if (!gone) throw notFound(`There is no key ${name}.`);
    this.parts.log.info({ by: asker.name, name }, 'a key was revoked');
  }
}

const keyView = (row: Account) => ({
  name: row.name,
  role: row.role,
  createdAt: iso(row.created_at),
  lastUsedAt: isoOrNull(row.last_used_at),
});
