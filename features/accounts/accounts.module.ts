import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Config } from '../../libs/config/index.js';
import { CONFIG } from '../platform/index.js';
import { KeyGuard } from './access/key.guard.js';
import { PrincipalResolver } from './access/principal.js';
import { RateGuard } from './access/rate.guard.js';
import { ScanGuard } from './access/scan.guard.js';
import { AccountsService } from './accounts.service.js';
import { KeysController } from './keys.controller.js';
import { SignedUrls } from './links/signed-url.js';
import { SignedUrlsController } from './links/signed-urls.controller.js';
import { AuthController } from './login/auth.controller.js';
import { LogIn } from './login/auth.service.js';
import { BrowserLogin } from './login/browser-login.service.js';
import { BrowserSessionController } from './login/browser-session.controller.js';
import { LoginTokens } from './login/login-tokens.js';
import { ProxyLoginController } from './login/proxy-login.controller.js';
import { SessionCookie } from './login/session-cookie.js';
import { ServiceKeys } from './signing-keys.js';
import { TrapCredentialsController } from './trap-credentials.controller.js';
import { UsersController } from './users.controller.js';

/** Accounts, logins and signed links. Its global guards run in this order: rate, key, scan. */
@Module({
  controllers: [
    AuthController,
    BrowserSessionController,
    KeysController,
    UsersController,
    TrapCredentialsController,
    SignedUrlsController,
    ProxyLoginController,
  ],
  providers: [
    {
      provide: ServiceKeys,
      useFactory: ({ dataDir }: Pick<Config, 'dataDir'>) => ServiceKeys.open(dataDir),
      inject: [CONFIG],
    },
    {
      provide: LoginTokens,
      useFactory: (keys: ServiceKeys) => new LoginTokens(keys.for('logins')),
      inject: [ServiceKeys],
    },
    {
      provide: SignedUrls,
      useFactory: (keys: ServiceKeys) => new SignedUrls(keys.for('links')),
      inject: [ServiceKeys],
    },
    {
      provide: SessionCookie,
      useFactory: (keys: ServiceKeys, { publicUrl }: Pick<Config, 'publicUrl'>) =>
        new SessionCookie(keys.for('cookies'), publicUrl),
      inject: [ServiceKeys, CONFIG],
    },
    AccountsService,
    PrincipalResolver,
    LogIn,
    BrowserLogin,
    { provide: APP_GUARD, useClass: RateGuard },
    { provide: APP_GUARD, useClass: KeyGuard },
    { provide: APP_GUARD, useClass: ScanGuard },
  ],
  exports: [PrincipalResolver, SignedUrls],
})
export class AccountsModule {}
