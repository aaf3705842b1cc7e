import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import type { Db } from '../../libs/database/index.js';
import { Catalog } from '../../libs/database/index.js';
import {
  ApiDoc,
  after,
  empty,
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
import { CONFIG, LOG } from '../platform/index.js';
import { CurrentUser, MinRole, type Principal } from './access.js';
import {
  EXAMPLE_LOGIN_LINK,
  EXAMPLE_MADE_USER,
  EXAMPLE_USER,
  LOGIN_LINK,
  MADE_USER,
  newPasswordText,
  personName,
  personRole,
  USER,
} from './accounts.schema.js';
import { createLoginLink } from './login-links.repository.js';
import { hashPassword, newPassword } from './password.js';
import { expectStrong } from './strong-password.js';
import {
  addPerson,
  changePerson,
  findPerson,
  listUsers,
  type Person,
  removePerson,
} from './users.repository.js';

const USERS_QUERY = z.object({ limit: limit(), after: after(z.tuple([personName()])) });
const NEW_USER = onlyTheseFields({
  name: personName(),
  role: personRole(),
  password: newPasswordText().optional(),
});
const USER_CHANGE = onlyTheseFields({
  role: personRole().optional(),
  disabled: z.boolean({ error: 'must be true or false' }).optional(),
  password: newPasswordText().optional(),
});
const USER_PARAMS = z.object({ name: personName() });

/** People who log in with a name and a password. */
@MinRole('admin')
@Controller('api/v1/users')
export class UsersController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'The users, by name',
    answers: { 200: json(page(USER), { items: [EXAMPLE_USER] }) },
  })
  @Get()
  async list(@Query({ schema: USERS_QUERY }) query: z.output<typeof USERS_QUERY>) {
    const page = { limit: query.limit + 1, after: query.after?.[0] };
    const rows = await listUsers(this.catalog.reader, page);
    return pageOf(rows, query.limit, (row) => [row.name], userView);
  }

  /** Without a password in the request one is made, and shown in the answer, once. */
  @ApiDoc({
    tag: 'Administration',
    summary: 'Add a user',
    description: 'Without a `password` one is made, and stands in the answer.',
    body: { example: { name: 'anna', role: 'editor' } },
    answers: { 201: json(MADE_USER, EXAMPLE_MADE_USER) },
    problems: [409],
  })
  @Post()
  @Header('Cache-Control', 'no-store')
  async create(@Body({ schema: NEW_USER }) body: z.output<typeof NEW_USER>, @CurrentUser() user: Principal) {
    const { name, role } = body;
    await expectStrong(this.config, name, body.password);
    const password = body.password ?? newPassword();
    const person = { name, role, passwordHash: await hashPassword(password) };
    if (!(await addPerson(this.catalog.db, person, Date.now())))
      throw new Problem(409, 'conflict', `There is a user ${name}.`);
    this.log.info({ by: user.name, name, role }, 'a user was added');
    return { ...(await this.view(name)), ...(body.password === undefined && { password }) };
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Change a user',
    description:
      'What is left out stays. A new password, or `disabled`, ends all logins of the user; a new role counts from the next request on.',
    body: { example: { role: 'viewer' } },
    answers: { 200: json(USER, { ...EXAMPLE_USER, role: 'viewer' }) },
    problems: [409],
  })
  @Patch(':name')
  async change(
    @Param({ schema: USER_PARAMS }) { name }: z.output<typeof USER_PARAMS>,
    @Body({ schema: USER_CHANGE }) { password, ...change }: z.output<typeof USER_CHANGE>,
    @CurrentUser() user: Principal,
  ) {
    await expectStrong(this.config, name, password);
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    const known = await expectOneAdminLeft(this.catalog, (tx) =>
      changePerson(tx, name, { ...change, passwordHash }),
    );
    if (!known) throw notFound(`There is no user ${name}.`);
    const isNewPassword = passwordHash !== undefined;
    this.log.info({ by: user.name, name, ...change, isNewPassword }, 'a user was changed');
    return this.view(name);
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
    const gone = await expectOneAdminLeft(this.catalog, (tx) => removePerson(tx, name));
    if (!gone) throw notFound(`There is no user ${name}.`);
    this.log.info({ by: user.name, name }, 'a user was removed');
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
    const { db } = this.catalog;
    const person = await findPerson(db, name);
    if (!person) throw notFound(`There is no user ${name}.`);
    const { path, expiresAtMs } = await createLoginLink(db, person.id, Date.now());
    this.log.info({ by: user.name, name }, 'a login link was made');
    return { url: `${this.config.publicUrl ?? ''}${path}`, path, expiresAt: iso(expiresAtMs) };
  }

  private async view(name: string) {
    const row = await findPerson(this.catalog.db, name);
    if (!row) throw notFound(`The user ${name} was removed just now.`);
    return userView(row);
  }
}

const userView = (row: Person) => ({
  name: row.name,
  role: row.role,
  disabled: row.disabled === 1,
  createdAt: iso(row.created_at),
  lastLoginAt: isoOrNull(row.last_login_at),
});

/**
 * Does a change of accounts, unless nobody were left who could undo it.
 *
 * @throws Problem 409 where no key and no person would be an administrator any more; nothing has changed then
 */
export function expectOneAdminLeft<T>({ db }: Catalog, change: (tx: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const done = await change(tx);
    if (!(await hasAdmin(tx)))
      throw new Problem(
        409,
        'conflict',
        'Nobody would be an administrator any more: make another one first.',
      );
    return done;
  });
}

async function hasAdmin(db: Db): Promise<boolean> {
  const key = await db
    .selectFrom('accounts')
    .select('name')
    .where('kind', '=', 'key')
    .where('role', '=', 'admin')
    .limit(1)
    .executeTakeFirst();
  const person = await db
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .limit(1)
    .executeTakeFirst();
  return key !== undefined || person !== undefined;
}
