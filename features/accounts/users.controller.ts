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
import {
  EXAMPLE_LOGIN_LINK,
  EXAMPLE_MADE_USER,
  EXAMPLE_USER,
  LOGIN_LINK,
  MADE_USER,
  newPasswordText,
  personName,
  personRole,
  seenTraps,
  USER,
} from './accounts.schema.js';
import { AccountsService } from './accounts.service.js';
import { trapsOf } from './seen-traps.js';
import { type Person } from './users.repository.js';

const USERS_QUERY = z.object({ limit: limit(), after: after(z.tuple([personName()])) });
const NEW_USER = onlyTheseFields({
  name: personName(),
  role: personRole(),
  password: newPasswordText().optional(),
  traps: seenTraps().optional(),
});
const USER_CHANGE = onlyTheseFields({
  role: personRole().optional(),
  traps: seenTraps().optional(),
  disabled: z.boolean({ error: 'must be true or false' }).optional(),
  password: newPasswordText().optional(),
});
const USER_PARAMS = z.object({ name: personName() });

/** People who log in with a name and a password. */
@MinRole('admin')
@Controller('api/v1/users')
export class UsersController {
  constructor(private readonly accounts: AccountsService) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'The users, by name',
    answers: { 200: json(page(USER), { items: [EXAMPLE_USER] }) },
  })
  @Get()
  async list(@Query({ schema: USERS_QUERY }) query: z.output<typeof USERS_QUERY>) {
    const page = { limit: query.limit + 1, after: query.after?.[0] };
    const rows = await this.accounts.listUsers(page);
    return pageOf(rows, query.limit, (row) => [row.name], userView);
  }

  /** Without a password in the request one is made, and shown in the answer, once. */
  @ApiDoc({
    tag: 'Administration',
    summary: 'Add a user',
    description:
      'Without a `password` one is made, and stands in the answer. `traps`: the only traps that a viewer or editor may see.',
    body: { example: { name: 'anna', role: 'editor' } },
    answers: { 201: json(MADE_USER, EXAMPLE_MADE_USER) },
    problems: [409],
  })
  @Post()
  @Header('Cache-Control', 'no-store')
  async create(@Body({ schema: NEW_USER }) body: z.output<typeof NEW_USER>, @CurrentUser() user: Principal) {
    const { user: made, ...password } = await this.accounts.createUser(body, user);
    return { ...userView(made), ...password };
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Change a user',
    description:
      'What is left out stays. A new password, or `disabled`, ends all logins of the user; a new role and other `traps` count from the next request on. `traps: null`: all traps.',
    body: { example: { role: 'viewer' } },
    answers: { 200: json(USER, { ...EXAMPLE_USER, role: 'viewer' }) },
    problems: [409],
  })
  @Patch(':name')
  async change(
    @Param({ schema: USER_PARAMS }) { name }: z.output<typeof USER_PARAMS>,
    @Body({ schema: USER_CHANGE }) change: z.output<typeof USER_CHANGE>,
    @CurrentUser() user: Principal,
  ) {
    return userView(await this.accounts.changeUser(name, change, user));
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Remove a user',
    description: 'All logins of the user end. The last administrator cannot be removed.',
    answers: { 204: empty('There is no such user any more') },
    problems: [409],
  })
  @Delete(':name')
  @HttpCode(204)
  async remove(
    @Param({ schema: USER_PARAMS }) { name }: z.output<typeof USER_PARAMS>,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    await this.accounts.removeUser(name, user);
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Make a link that logs a user in',
    description:
      'For a new user, or after a lost password: it works once, within 24 hours, in a browser, and the user then chooses a password. Earlier links of the user end.',
    answers: { 201: json(LOGIN_LINK, EXAMPLE_LOGIN_LINK) },
  })
  @Post(':name/link')
  @Header('Cache-Control', 'no-store')
  async createLink(
    @Param({ schema: USER_PARAMS }) { name }: z.output<typeof USER_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    const { expiresAtMs, ...link } = await this.accounts.createLoginLink(name, user);
    return { ...link, expiresAt: iso(expiresAtMs) };
  }
}

const userView = (row: Person) => ({
  name: row.name,
  role: row.role,
  traps: trapsOf(row) ?? null,
  disabled: row.disabled === 1,
  createdAt: iso(row.created_at),
  lastLoginAt: isoOrNull(row.last_login_at),
});
