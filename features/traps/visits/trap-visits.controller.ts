import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Catalog } from '../../../libs/database/index.js';
import { CurrentUser, MinRole, type Principal } from '../../accounts/index.js';
import { ApiDoc, empty, id, iso, json, limit, notFound } from '../../http/index.js';
import { LOG } from '../../platform/index.js';
import { findTrap } from '../traps.repository.js';
import { addVisit, removeVisit, type TrapVisitRow, visitsOf } from './trap-visits.repository.js';
import {
  EXAMPLE_TRAP_VISIT,
  EXAMPLE_TRAP_VISIT_BODY,
  TRAP_VISIT,
  TRAP_VISIT_BODY,
} from './trap-visits.schema.js';

const TRAP_PARAMS = z.object({ trapId: id() });
const VISIT_PARAMS = z.object({ trapId: id(), visitId: id() });
const VISITS_QUERY = z.object({ limit: limit() });

/** What people did at a trap, and when: so that a jump of its battery or of its counts can be explained. */
@MinRole('editor')
@Controller('api/v1/traps/:trapId/visits')
export class TrapVisitsController {
  constructor(
    private readonly catalog: Catalog,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @ApiDoc({
    tag: 'Traps',
    summary: 'When people were at a trap, newest first',
    answers: { 200: json(z.strictObject({ items: z.array(TRAP_VISIT) }), { items: [EXAMPLE_TRAP_VISIT] }) },
  })
  @MinRole('viewer')
  @Get()
  async list(
    @Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>,
    @Query({ schema: VISITS_QUERY }) query: z.output<typeof VISITS_QUERY>,
  ) {
    if (!(await findTrap(this.catalog.reader, trapId))) throw notFound(`There is no trap ${trapId}.`);
    const rows = await visitsOf(this.catalog.reader, trapId, query.limit);
    return { items: rows.map(visitView) };
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'Note that somebody was at a trap',
    description: '`at` is now where it is left out.',
    body: { example: EXAMPLE_TRAP_VISIT_BODY },
    answers: { 201: json(TRAP_VISIT, EXAMPLE_TRAP_VISIT) },
  })
  @Post()
  async add(
    @Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>,
    @Body({ schema: TRAP_VISIT_BODY }) body: z.output<typeof TRAP_VISIT_BODY>,
    @CurrentUser() user: Principal,
  ) {
    if (!(await findTrap(this.catalog.db, trapId))) throw notFound(`There is no trap ${trapId}.`);
    const row: TrapVisitRow = {
      trap_id: trapId,
      visit_id: randomUUID(),
      at_ms: body.at ?? Date.now(),
      what: JSON.stringify([...new Set(body.what)]),
      text: body.text?.trim() || null,
      by_name: user.name,
    };
    await addVisit(this.catalog.db, row);
    this.log.info({ by: user.name, trapId, what: body.what }, 'visit to a trap noted');
    return visitView(row);
  }

  @ApiDoc({
    tag: 'Traps',
    summary: 'Delete the note of a visit',
    answers: { 204: empty('Deleted') },
  })
  @Delete(':visitId')
  @HttpCode(204)
  async remove(
    @Param({ schema: VISIT_PARAMS }) { trapId, visitId }: z.output<typeof VISIT_PARAMS>,
    @CurrentUser() user: Principal,
  ): Promise<void> {
    if (!(await removeVisit(this.catalog.db, trapId, visitId)))
      throw notFound(`There is no visit ${visitId} to the trap ${trapId}.`);
    this.log.info({ by: user.name, trapId, visitId }, 'note of a visit deleted');
  }
}

const visitView = (row: TrapVisitRow): z.output<typeof TRAP_VISIT> => ({
  id: row.visit_id,
  at: iso(Number(row.at_ms)),
  what: JSON.parse(row.what),
  text: row.text,
  by: row.by_name,
});
