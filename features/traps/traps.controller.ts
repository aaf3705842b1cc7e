import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { CurrentUser, MinRole, type Principal, seesExactPlaces } from '../accounts/index.js';
import {
  ApiDoc,
  after,
  id,
  json,
  Links,
  limit,
  notFound,
  page,
  pageOf,
  placed,
  trapIds,
} from '../http/index.js';
import { CONFIG, LOG } from '../platform/index.js';
import { deploymentsOf, knownSinceOf } from './deployments/deployments.repository.js';
import { TrapCounts, trapView } from './present-trap.js';
import { setTrap } from './trap-edit.js';
import { EXAMPLE_TRAP_EDIT, TRAP_EDIT } from './trap-edit-body.js';
import { presenceOf } from './trap-presence.js';
import { findTrap, latestTelemetryOf, pageOfTraps } from './traps.repository.js';
import { EXAMPLE_TRAP, TRAP } from './traps.schema.js';

const TRAPS_QUERY = z.object({
  trap: trapIds().optional(),
  limit: limit(),
  after: after(z.tuple([placed.id])),
});
const TRAP_PARAMS = z.object({ trapId: id() });

/** Traps, in the order of their ids: the one list that has no newest. */
@Controller('api/v1/traps')
export class TrapsController {
  private readonly counts: TrapCounts;

  constructor(
    private readonly catalog: Catalog,
    private readonly links: Links,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
    @Inject(LOG) private readonly log: Logger,
  ) {
    this.counts = new TrapCounts(catalog.reader);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'Traps, in the order of their ids',
    description: 'Places are rounded to 0.1 degree, but for editors.',
    answers: { 200: json(page(TRAP), { items: [EXAMPLE_TRAP] }) },
  })
  @Get()
  async list(
    @Query({ schema: TRAPS_QUERY }) query: z.output<typeof TRAPS_QUERY>,
    @CurrentUser() user: Principal,
  ) {
    const rows = await pageOfTraps(this.catalog.reader, query.limit + 1, query.after?.[0], query.trap);
    const show = await this.view(rows.slice(0, query.limit), user);
    return pageOf(rows, query.limit, (row) => [row.trap_id], show);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'One trap',
    answers: { 200: json(TRAP, EXAMPLE_TRAP) },
  })
  @Get(':trapId')
  async one(
    @Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>,
    @CurrentUser() user: Principal,
  ) {
    const row = await findTrap(this.catalog.reader, trapId);
    if (!row) throw notFound(`There is no trap ${trapId}.`);
    return (await this.view([row], user))(row);
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
  async say(
    @Param({ schema: TRAP_PARAMS }) { trapId }: z.output<typeof TRAP_PARAMS>,
    @Body({ schema: TRAP_EDIT }) word: z.output<typeof TRAP_EDIT>,
    @CurrentUser() user: Principal,
  ) {
    const { db } = this.catalog;
    await db.transaction().execute((tx) => setTrap(tx, trapId, word, Date.now()));
    this.log.info({ by: user.name, trapId, fields: Object.keys(word) }, 'an editor spoke of a trap');
    const row = (await findTrap(db, trapId)) as TrapRow;
    return (await this.view([row], user))(row);
  }

  /** Looks up for all of these at once what their rows do not say. */
  private async view(rows: readonly TrapRow[], user: Principal) {
    const trapIds = rows.map((row) => row.trap_id);
    const latest = await latestTelemetryOf(this.catalog.reader, trapIds);
    const telemetry = new Map(latest.map((reading) => [reading.trap_id, reading]));
    const countOf = await this.counts.of(trapIds);
    const deployments = await deploymentsOf(this.catalog.reader, trapIds);
    const knownSince = await knownSinceOf(this.catalog.reader, trapIds);
    const exact = seesExactPlaces(user);
    return (row: TrapRow) =>
      trapView(
        row,
        {
          telemetry: telemetry.get(row.trap_id),
          counts: countOf(row.trap_id),
          presence: presenceOf(row, this.config.timeZone ?? 'UTC'),
          knownSinceMs: knownSince.get(row.trap_id) ?? row.first_seen_at,
          deployments: deployments.filter((each) => each.trapId === row.trap_id),
          exact,
        },
        this.links,
      );
  }
}

type TrapRow = Awaited<ReturnType<typeof pageOfTraps>>[number];
