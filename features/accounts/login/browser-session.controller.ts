import { Body, Controller, Delete, Get, Header, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiDoc, empty, json, onlyTheseFields } from '../../http/index.js';
import { CurrentUser, FromOwnPage, Public, TrapLimit } from '../access/access.js';
import type { CurrentPrincipal } from '../access/principal.js';
import { EXAMPLE_SESSION, newPasswordText, SESSION, typed } from '../accounts.schema.js';
import { BrowserLogin } from './browser-login.service.js';

const LOGIN = onlyTheseFields({
  name: typed(),
  password: typed(),
  remember: z.boolean({ error: 'must be true or false' }).optional(),
});
const LINK = onlyTheseFields({ token: typed() });
const PASSWORD = onlyTheseFields({ password: newPasswordText(), current: typed().optional() });
const CHANGE = onlyTheseFields({
  language: z.enum(['de', 'en'], { error: 'must be de, en or null' }).nullable(),
});

const MARK = {
  'X-Trapline': {
    description: 'Any value: it shows that a page of this service sends the request',
    example: 'web',
  },
};

/** Logging in and out in a browser. The login is in a cookie, which opens every route that a key opens. */
@TrapLimit('not-needed')
@Controller('api/v1/session')
export class BrowserSessionController {
  constructor(private readonly logins: BrowserLogin) {}

  @ApiDoc({
    tag: 'People',
    summary: 'Who is logged in in this browser',
    answers: { 200: json(SESSION, EXAMPLE_SESSION) },
  })
  @Public(true)
  @Get()
  @Header('Cache-Control', 'no-store')
  show(@Req() request: Request) {
    return this.logins.describe(request);
  }

  @ApiDoc({
    tag: 'People',
    summary: 'Log in in a browser',
    description:
      'Sets a cookie (HttpOnly, SameSite=Strict; Secure behind TLS). With it, every request that changes something needs the header `X-Trapline`. A login lasts 12 hours, or 30 days with `remember`.',
    headers: MARK,
    body: { example: { name: 'anna', password: 'k7mqx-hd4w9-2nfpr-ab6ys-eu3tz' } },
    answers: { 200: json(SESSION, EXAMPLE_SESSION) },
    problems: [401, 403, 429, 503],
  })
  @Public(true)
  @FromOwnPage(true)
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  logIn(
    @Body({ schema: LOGIN }) body: z.output<typeof LOGIN>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.logins.withPassword(body, response);
  }

  @ApiDoc({
    tag: 'People',
    summary: 'Log in in a browser by a link',
    description: 'The link works once, within 24 hours. The person may then choose a password.',
    headers: MARK,
    body: { example: { token: 'q3ZQ0Yk1c7n6l2S0c8sYlq4xqk7b8k1mB2v3n4c5x6z' } },
    answers: {
      200: json(SESSION, { ...EXAMPLE_SESSION, user: { ...EXAMPLE_SESSION.user, mustSetPassword: true } }),
    },
    problems: [401, 403],
  })
  @Public(true)
  @FromOwnPage(true)
  @Post('link')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  logInByLink(
    @Body({ schema: LINK }) { token }: z.output<typeof LINK>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.logins.withLink(token, response);
  }

  @ApiDoc({
    tag: 'People',
    summary: 'Choose another password in a browser',
    description: 'Ends all other logins of the person. After a login by a link, `current` may be left out.',
    body: { example: { password: 'nine bees on one flower', current: 'k7mqx-hd4w9-2nfpr-ab6ys-eu3tz' } },
    answers: { 200: json(SESSION, EXAMPLE_SESSION) },
    problems: [409, 429],
  })
  @Post('password')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  choosePassword(
    @Body({ schema: PASSWORD }) body: z.output<typeof PASSWORD>,
    @CurrentUser() user: CurrentPrincipal,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.logins.choosePassword(user, body, response);
  }

  @ApiDoc({
    tag: 'People',
    summary: 'Choose the language of the pages',
    body: { example: { language: 'de' } },
    answers: { 200: json(SESSION, EXAMPLE_SESSION) },
    problems: [409],
  })
  @Patch()
  @Header('Cache-Control', 'no-store')
  chooseLanguage(
    @Body({ schema: CHANGE }) { language }: z.output<typeof CHANGE>,
    @CurrentUser() user: CurrentPrincipal,
  ) {
    return this.logins.chooseLanguage(user, language);
  }

  @ApiDoc({
    tag: 'People',
    summary: 'Log out in a browser',
    headers: MARK,
    answers: { 204: empty('Nobody is logged in any more') },
    problems: [403],
  })
  @Public(true)
  @FromOwnPage(true)
  @Delete()
  @HttpCode(204)
  async logOut(@Res({ passthrough: true }) response: Response): Promise<void> {
    await this.logins.end(response);
  }
}
