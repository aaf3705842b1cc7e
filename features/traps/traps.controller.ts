import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentUser, MinRole, type Principal, seesExactPlaces } from '../accounts/index.js';
import { ApiDoc, json, page } from '../http/index.js';
import { EXAMPLE_TRAP_EDIT, TRAP_EDIT } from './trap-edit-body.js';
import {
  EXAMPLE_TRAP,
  TRAP,
  TRAP_PARAMS,
  TRAPS_QUERY,
  type TrapParams,
  type TrapsQuery,
} from './traps.schema.js';
import { TrapsService } from './traps.service.js';

/** Traps, in the order of their ids: the one list that has no newest. */
@Controller('api/v1/traps')
export class TrapsController {
  constructor(private readonly traps: TrapsService) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Traps, in the order of their ids',
    description: 'Places are rounded to 0.1 degree, but for editors.',
    answers: { 200: json(page(TRAP), { items: [EXAMPLE_TRAP] }) },
  })
  @Get()
  list(@Query({ schema: TRAPS_QUERY }) query: TrapsQuery, @CurrentUser() user: Principal) {
    return this.traps.list(query, seesExactPlaces(user));
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'One trap',
    answers: { 200: json(TRAP, EXAMPLE_TRAP) },
  })
  @Get(':trapId')
  one(@Param({ schema: TRAP_PARAMS }) { trapId }: TrapParams, @CurrentUser() user: Principal) {
    return this.traps.one(trapId, seesExactPlaces(user));
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'Say what a trap is called and where it stands',
    description:
      "Also of a trap that has not spoken yet. An editor's word holds, whatever the trap says of itself later; a field " +
      'that is left out stays, and `null` leaves it to the trap again. `place` corrects the deployment that is under ' +
      'way; for a trap that was moved, set a new deployment.',
    body: { example: EXAMPLE_TRAP_EDIT },
    answers: { 200: json(TRAP, EXAMPLE_TRAP) },
  })
  @MinRole('editor')
  @Put(':trapId')
  edit(
    @Param({ schema: TRAP_PARAMS }) { trapId }: TrapParams,
    @Body({ schema: TRAP_EDIT }) edit: z.output<typeof TRAP_EDIT>,
    @CurrentUser() user: Principal,
  ) {
    return this.traps.edit(trapId, edit, user);
  }
}
