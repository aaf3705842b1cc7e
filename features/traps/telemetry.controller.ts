import { Controller, Get, Param, Query } from '@nestjs/common';
import { CurrentUser, type Principal, seesExactPlaces } from '../accounts/index.js';
import { ApiDoc, json, page } from '../http/index.js';
import {
  EXAMPLE_TELEMETRY,
  TELEMETRY,
  TELEMETRY_QUERY,
  type TelemetryQuery,
  TRAP_PARAMS,
  type TrapParams,
} from './traps.schema.js';
import { TrapsService } from './traps.service.js';

/** What traps have measured of themselves. */
@Controller('api/v1/traps/:trapId/telemetry')
export class TelemetryController {
  constructor(private readonly traps: TrapsService) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Readings of a trap, newest first',
    description: 'Battery, temperatures, free disk, signal and what else the trap sends as `telemetry`.',
    answers: { 200: json(page(TELEMETRY), { items: [EXAMPLE_TELEMETRY] }) },
  })
  @Get()
  list(
    @Param({ schema: TRAP_PARAMS }) { trapId }: TrapParams,
    @Query({ schema: TELEMETRY_QUERY }) query: TelemetryQuery,
    @CurrentUser() user: Principal,
  ) {
    return this.traps.telemetry(trapId, query, seesExactPlaces(user));
  }
}
