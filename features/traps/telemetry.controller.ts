import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Catalog } from '../../libs/database/index.js';
import { CurrentUser, type Principal, seesExactPlaces } from '../accounts/index.js';
import { ApiDoc, after, id, json, limit, notFound, page, pageOf, placed, time } from '../http/index.js';
import { telemetryView } from './present-trap.js';
import { findTrap, telemetryOf } from './traps.repository.js';
import { EXAMPLE_TELEMETRY, TELEMETRY } from './traps.schema.js';

const TRAP_PARAMS = z.object({ trapId: id() });
const TELEMETRY_QUERY = z.object({
  from: time().optional(),
  to: time().optional(),
  limit: limit(),
  after: after(z.tuple([placed.atMs])),
});

/** What traps have measured of themselves. */
@Controller('api/v1/traps/:trapId/telemetry')
export class TelemetryController {
  constructor(private readonly catalog: Catalog) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Readings of a trap, newest first',
    description: 'Battery, temperatures, free disk, signal and what else the trap sends as `telemetry`.',
    answers: { 200: json(page(TELEMETRY), { items: [EXAMPLE_TELEMETRY] }) },
  })
  @Get()
  async list(
    @Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>,
    @Query({ schema: TELEMETRY_QUERY }) {
      from,
      to,
      limit: count,
      after: place,
    }: z.output<typeof TELEMETRY_QUERY>,
    @CurrentUser() user: Principal,
  ) {
    const db = this.catalog.reader;
    if (!(await findTrap(db, trapId))) throw notFound(`There is no trap ${trapId}.`);
    const rows = await telemetryOf(db, trapId, { fromMs: from, toMs: to, beforeMs: place?.[0] }, count + 1);
    return pageOf(
      rows,
      count,
      (row) => [row.at_ms],
      (row) => telemetryView(row, seesExactPlaces(user)),
    );
  }
}
