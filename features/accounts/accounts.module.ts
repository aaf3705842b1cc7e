import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Config } from '../../libs/config/index.js';
import { CONFIG } from '../platform/index.js';
import { AccountsService } from './accounts.service.js';
import { AuthController } from './auth.controller.js';
import { LogIn } from './auth.service.js';
import { BrowserLogin } from './browser-login.service.js';
import { BrowserSessionController } from './browser-session.controller.js';
import { KeyGuard } from './key.guard.js';
import { KeysController } from './keys.controller.js';
import { LoginTokens } from './login-tokens.js';
import { PrincipalResolver } from './principal.js';
import { ProxyLoginController } from './proxy-login.controller.js';
import { RateGuard } from './rate.guard.js';
import { ScanGuard } from './scan.guard.js';
import { SessionCookie } from './session-cookie.js';
import { SignedUrls } from './signed-url.js';
import { SignedUrlsController } from './signed-urls.controller.js';
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
