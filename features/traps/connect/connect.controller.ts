import { Body, Controller, Get, Header, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
import { CurrentUser, MinRole, type Principal } from '../../accounts/index.js';
import { ApiDoc, json } from '../../http/index.js';
import { TRAP_PARAMS } from '../traps.schema.js';
import { CONNECT, EXAMPLE_CONNECT, EXAMPLE_MADE_TRAP, MADE_TRAP, NEW_TRAP } from './connect.schema.js';
import { ConnectService } from './connect.service.js';
import { UNKNOWN_PASSWORD } from './how-to-connect.js';

/** From a name to a trap that sends: its account, and the commands that connect it. */
@Controller('api/v1/traps')
export class ConnectController {
  constructor(private readonly connect: ConnectService) {}

  @ApiDoc({
    tag: 'Administration',
    summary: 'Add a trap',
    description: 'Makes its account, and tells how it connects. Only this answer holds the password.',
    body: { example: { trapId: 'meadow-2', name: 'Meadow South' } },
    answers: { 201: json(MADE_TRAP, EXAMPLE_MADE_TRAP) },
    problems: [409],
  })
  @MinRole('admin')
  @Post()
  @Header('Cache-Control', 'no-store')
  add(
    @Body({ schema: NEW_TRAP }) trap: z.output<typeof NEW_TRAP>,
    @CurrentUser() user: Principal,
    @Req() request: Request,
  ) {
    return this.connect.add(trap, user, request);
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'How a trap connects, with commands to copy',
    description: `Also of a trap that is not known yet. \`${UNKNOWN_PASSWORD}\` stands for the password.`,
    answers: { 200: json(CONNECT, EXAMPLE_CONNECT) },
  })
  @MinRole('editor')
  @Get(':trapId/connect')
  show(@Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>, @Req() request: Request) {
    return this.connect.describe(trapId, request);
  }
}
