import { Body, Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { ApiDoc, empty, iso, json, onlyTheseFields } from '../../http/index.js';
import { CurrentUser, MinRole, Public, TrapLimit } from '../access/access.js';
import type { CurrentPrincipal } from '../access/principal.js';
import { addressOf } from '../access/rate.guard.js';
import { EXAMPLE_LOGGED_IN, EXAMPLE_ME, LOGGED_IN, ME, newPasswordText, typed } from '../accounts.schema.js';
import { type LoggedIn, LogIn } from './auth.service.js';

const LOGIN = onlyTheseFields({ name: typed(), password: typed() });
const PASSWORD = onlyTheseFields({ current: typed(), password: newPasswordText() });

/** People come in with a name and a password, and get a token that is sent as API keys are. */
@MinRole('device')
@TrapLimit('not-needed')
@Controller('api/v1/auth')
export class AuthController {
  constructor(private readonly logIn: LogIn) {}

  @ApiDoc({
    tag: 'People',
    summary: 'Log in',
    description: 'After some wrong passwords each further try must wait longer; `Retry-After` says how long.',
    body: { example: { name: 'anna', password: 'k7mqx-hd4w9-2nfpr-ab6ys-eu3tz' } },
    answers: { 200: json(LOGGED_IN, EXAMPLE_LOGGED_IN) },
    problems: [401, 429, 503],
  })
  @Public(true)
  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async login(
    @Body({ schema: LOGIN }) { name, password }: z.output<typeof LOGIN>,
    @Req() request: Request,
  ): Promise<LoggedIn> {
    return this.logIn.begin(await this.logIn.check(name, password, addressOf(request)));
  }

  /** Whose key or login this is; any of them may ask. */
  @ApiDoc({
    tag: 'People',
    summary: 'Whose key or login this is',
    answers: { 200: json(ME, EXAMPLE_ME) },
  })
  @Get('me')
  me(@CurrentUser() { kind, name, role, traps, login }: CurrentPrincipal) {
    return { kind, name, role, traps: traps ?? null, expiresAt: login ? iso(login.expiresAtMs) : null };
  }

  /** Ends this login; other logins of the same person go on. */
  @ApiDoc({
    tag: 'People',
    summary: 'Log out',
    description: 'Ends this login; others of the same person go on.',
    answers: { 204: empty('The login has ended') },
    problems: [409],
  })
  @Post('logout')
  @HttpCode(204)
  async logout(@CurrentUser() user: CurrentPrincipal): Promise<void> {
    await this.logIn.end(user);
  }

  /** All logins of the person end; the answer is a new one for whoever knew the password. */
  @ApiDoc({
    tag: 'People',
    summary: 'Choose another password',
    description: 'Ends all logins of the person; the answer is a new one.',
    body: { example: { current: 'k7mqx-hd4w9-2nfpr-ab6ys-eu3tz', password: 'nine bees on one flower' } },
    answers: { 200: json(LOGGED_IN, EXAMPLE_LOGGED_IN) },
    problems: [409, 429],
  })
  @Post('password')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async password(
    @Body({ schema: PASSWORD }) body: z.output<typeof PASSWORD>,
    @CurrentUser() user: CurrentPrincipal,
    @Req() request: Request,
  ): Promise<LoggedIn> {
    return this.logIn.changePassword(user, body, addressOf(request));
  }
}
