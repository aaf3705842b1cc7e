import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Config } from '../../../libs/config/index.js';
import { VERSION } from '../../../libs/config/index.js';
import type { Language } from '../../../libs/database/index.js';
import { Catalog } from '../../../libs/database/index.js';
import { invalidRequest, iso, Problem } from '../../http/index.js';
import { CONFIG, LOG } from '../../platform/index.js';
import { type CurrentPrincipal, PrincipalResolver } from '../access/principal.js';
import { addressOf } from '../access/rate.guard.js';
import { hashPassword } from '../password.js';
import { trapsOf } from '../seen-traps.js';
import { expectStrong } from '../strong-password.js';
import {
  awaitsFirstPassword,
  changePerson,
  endLogin,
  findPerson,
  noteLogin,
  type Person,
  setLanguage,
} from '../users.repository.js';
import { LogIn } from './auth.service.js';
import { useLoginLink } from './login-links.repository.js';
import { LOGIN_LASTS_MS, LoginTokens } from './login-tokens.js';
import { SessionCookie } from './session-cookie.js';

/** Logins of browsers: the same people, limits and roles as everywhere, with the token in a cookie. */
@Injectable()
export class BrowserLogin {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'publicUrl' | 'grafanaUrl' | 'timeZone' | 'access' | 'dataset'>,
    @Inject(LOG) private readonly log: Logger,
    private readonly logIn: LogIn,
    private readonly tokens: LoginTokens,
    private readonly cookie: SessionCookie,
    private readonly callers: PrincipalResolver,
  ) {}

  /** Who is logged in, and what a page needs to know before anybody is. */
  async describe(request: Request) {
    const { caller } = await this.callers.identify(request, false);
    return this.view(caller);
  }

  /** @throws Problem 401 or 429, as `LogIn.check` does */
  async withPassword(
    { name, password, remember }: { name: string; password: string; remember?: boolean | undefined },
    response: Response,
  ) {
    const person = await this.logIn.check(name, password, addressOf(response.req));
    return this.begin(person, response, { lastsMs: LOGIN_LASTS_MS[remember ? 'month' : 'day'] });
  }

  /** @throws Problem 401 where the link was used before, or has expired */
  async withLink(token: string, response: Response) {
    const person = await useLoginLink(this.catalog.db, token, Date.now());
    if (!person) {
      this.log.warn({ address: addressOf(response.req) }, 'a login link was not valid');
      throw new Problem(
        401,
        'link-not-valid',
        'This link was used before, or has expired: ask for a new one.',
      );
    }
    this.log.info({ name: person.name }, 'a login link was used');
    return this.begin(person, response, { viaLink: true });
  }

  /**
   * Chooses another password, and ends all other logins of the person.
   *
   * @param current may be left out after a login by a link
   */
  async choosePassword(
    caller: CurrentPrincipal,
    { password, current }: { password: string; current?: string | undefined },
    response: Response,
  ) {
    const { viaLink } = personOf(caller);
    if (!viaLink && current === undefined)
      throw invalidRequest([{ field: 'current', message: 'must be the password that holds now' }]);
    await expectStrong(this.config, caller.name, password);
    if (!viaLink) await this.logIn.check(caller.name, current ?? '', addressOf(response.req));
    const { db } = this.catalog;
    await changePerson(db, caller.name, { passwordHash: await hashPassword(password) });
    const person = await findPerson(db, caller.name);
    if (!person) throw new Problem(401, 'no-key', 'This account was removed just now.');
    return this.begin(person, response);
  }

  async chooseLanguage(caller: CurrentPrincipal, language: Language | null) {
    await setLanguage(this.catalog.db, personOf(caller).personId, language);
    return this.view({ ...caller, language });
  }

  /** Ends the login that the cookie holds; where it holds none, there is nothing to end. */
  async end(response: Response): Promise<void> {
    const { caller } = await this.callers.identify(response.req, false);
    if (caller?.viaCookie && caller.login) await endLogin(this.catalog.db, caller.login, Date.now());
    this.cookie.clear(response);
  }

  private async begin(
    person: Person,
    response: Response,
    options: { lastsMs?: number; viaLink?: boolean } = {},
  ) {
    const nowMs = Date.now();
    const { token, expiresAtMs } = await this.tokens.issue(person, nowMs, options);
    this.cookie.set(response, token, expiresAtMs);
    await noteLogin(this.catalog.db, person.id, nowMs);
    const login = { id: '', personId: person.id, generation: person.generation, expiresAtMs };
    const { name, role, language } = person;
    const traps = trapsOf(person);
    const viaLink = options.viaLink ?? false;
    return this.view({ kind: 'user', name, role, traps, language, login: { ...login, viaLink } });
  }

  private async view(caller: Omit<CurrentPrincipal, 'signer'> | undefined) {
    const { timeZone, publicUrl, grafanaUrl, access, dataset } = this.config;
    return {
      user: caller
        ? {
            kind: caller.kind,
            name: caller.name,
            role: caller.role,
            traps: caller.traps ?? null,
            language: caller.language ?? null,
            expiresAt: caller.login ? iso(caller.login.expiresAtMs) : null,
            mustSetPassword: caller.login?.viaLink ?? false,
          }
        : null,
      station: {
        version: VERSION,
        timeZone,
        publicUrl: publicUrl ?? null,
        grafanaUrl: grafanaUrl ?? null,
        publicThumbnails: access.publicThumbnails,
        rightsHolder: dataset.contributor ?? null,
        licence: dataset.licence ?? null,
        mediaLicence: dataset.mediaLicence ?? dataset.licence ?? null,
        needsFirstStart: await awaitsFirstPassword(this.catalog.reader),
      },
    };
  }
}

function personOf({ login }: CurrentPrincipal): NonNullable<CurrentPrincipal['login']> {
  if (login) return login;
  throw new Problem(409, 'conflict', 'This came with a key, and not with the login of a person.');
}
