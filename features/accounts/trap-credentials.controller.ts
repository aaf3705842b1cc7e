import { Controller, Delete, Header, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ApiDoc, empty, id, json } from '../http/index.js';
import { CurrentUser, MinRole, type Principal } from './access/access.js';
import { EXAMPLE_MADE_CREDENTIALS, MADE_CREDENTIALS } from './accounts.schema.js';
import { AccountsService } from './accounts.service.js';

const TRAP_PARAMS = z.object({ trapId: id() });
type TrapParams = z.output<typeof TRAP_PARAMS>;

/** What a trap logs in with, over MQTT and HTTP alike. The embedded broker notices by itself what changes here. */
@MinRole('admin')
@Controller('api/v1/traps/:trapId/credentials')
export class TrapCredentialsController {
  constructor(private readonly accounts: AccountsService) {}

  /** Makes the trap's account, or gives it a new password: the old one stops to work. */
  @ApiDoc({
    tag: 'Administration',
    summary: 'Give a trap a password',
    description:
      'For MQTT and HTTP. One that it had stops to work, and ends its connection to the embedded broker.',
    answers: { 201: json(MADE_CREDENTIALS, EXAMPLE_MADE_CREDENTIALS) },
  })
  @Post()
  @Header('Cache-Control', 'no-store')
  async create(@Param({ schema: TRAP_PARAMS }) { trapId }: TrapParams, @CurrentUser() user: Principal) {
    const password = await this.accounts.setTrapPassword(trapId, user);
    return { trapId, user: trapId, password };
  }

  @ApiDoc({
    tag: 'Administration',
    summary: 'Take the password of a trap away',
    description: 'What it has sent stays.',
    answers: { 204: empty('The trap has no account any more') },
  })
  @Delete()
  @HttpCode(204)
  async remove(
    @Param({ schema: TRAP_PARAMS }) { trapId }: TrapParams,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    await this.accounts.removeTrapAccount(trapId, user);
  }
}
