import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { CurrentUser, MinRole, type Principal } from '../../accounts/index.js';
import { ApiDoc, empty, json } from '../../http/index.js';
import { TRAP_PARAMS, type TrapParams } from '../traps.schema.js';
import {
  EXAMPLE_TRAP_VISIT,
  EXAMPLE_TRAP_VISIT_BODY,
  TRAP_VISIT,
  TRAP_VISIT_BODY,
  VISIT_PARAMS,
  VISITS_QUERY,
} from './trap-visits.schema.js';
import { TrapVisitsService } from './trap-visits.service.js';

/** What people did at a trap, and when: so that a jump of its battery or of its counts can be explained. */
@MinRole('editor')
@Controller('api/v1/traps/:trapId/visits')
export class TrapVisitsController {
  constructor(private readonly visits: TrapVisitsService) {}

  @ApiDoc({
    tag: 'Traps',
    summary: 'When people were at a trap, newest first',
    answers: { 200: json(z.strictObject({ items: z.array(TRAP_VISIT) }), { items: [EXAMPLE_TRAP_VISIT] }) },
  })
  @MinRole('viewer')
  @Get()
  list(
    @Param({ schema: TRAP_PARAMS }) { trapId }: TrapParams,
    @Query({ schema: VISITS_QUERY }) { limit }: z.output<typeof VISITS_QUERY>,
  ) {
    return this.visits.list(trapId, limit);
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'Note that somebody was at a trap',
    description: '`at` is now where it is left out.',
    body: { example: EXAMPLE_TRAP_VISIT_BODY },
    answers: { 201: json(TRAP_VISIT, EXAMPLE_TRAP_VISIT) },
  })
  @Post()
  add(
    @Param({ schema: TRAP_PARAMS }) { trapId }: TrapParams,
    @Body({ schema: TRAP_VISIT_BODY }) body: z.output<typeof TRAP_VISIT_BODY>,
    @CurrentUser() user: Principal,
  ) {
    return this.visits.add(trapId, body, user);
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'Delete the note of a visit',
    answers: { 204: empty('Deleted') },
  })
  @Delete(':visitId')
  @HttpCode(204)
  remove(
    @Param({ schema: VISIT_PARAMS }) { trapId, visitId }: z.output<typeof VISIT_PARAMS>,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    return this.visits.remove(trapId, visitId, user);
  }
}
